import type { RelationshipScope } from './relationship-scope.js'

/** The signs that words about a relationship give of what it says. */
export type ContextSigns = {
  readonly scopes: readonly (readonly [RelationshipScope, RegExp])[]
  readonly conditions: readonly RegExp[]
  readonly evidence: readonly RegExp[]
  readonly exceptions: readonly RegExp[]
  /** The surest first. */
  readonly times: readonly RegExp[]
  readonly version: RegExp
  /** A word and the kind of component that follows it, in any form of that word. */
  readonly namedKind: RegExp
  /** Up to four words after a verb that takes a component. */
  readonly object: RegExp
  /** Terms that are components by how they are written. */
  readonly terms: readonly RegExp[]
}

// Every pattern takes time in proportion to the text: it begins only where a word begins, it repeats nothing that could be split
// in two ways before something that may be missing, and it looks behind no further than two characters.
const LETTER = String.raw`[\p{L}\p{M}\p{N}_]`
const START = `(?<!${LETTER})`
const END = `(?!${LETTER})`
/** A word of technical text, as `two-factor`, `Node.js`, `CI/CD` are. */
const TERM = String.raw`[\p{L}\p{M}\p{N}_-]+(?:[./'’][\p{L}\p{M}\p{N}_-]+)*`
const TERM_START = String.raw`(?<![\p{L}\p{M}\p{N}_-])(?<![\p{L}\p{M}\p{N}_-][./'’])`
/** The rest of a clause: to a comma, semicolon or full stop, but not to those inside of `1.1`, `test.py` and `1,000`. */
const CLAUSE = String.raw`(?:[^,.;]|\.(?=${LETTER})|(?<=\p{N}),(?=\p{N}))+`
const TIME_CLAUSE = String.raw`(?:[^,;]|(?<=\p{N}),(?=\p{N}))+`

let signs: ContextSigns | undefined

/** The signs, which take milliseconds to make: the first time they are needed, and not when the library is imported. */
export function contextSigns(): ContextSigns {
  signs ??= makeSigns()
  return signs
}

function makeSigns(): ContextSigns {
  return {
    scopes: [
      ['partial', anyOf('partial(?:ly)?|limited|incomplete')],
      ['full', anyOf('fully?|complete(?:ly)?|entirely')],
      ['conditional', anyOf('conditional(?:ly)?|only')],
    ],
    conditions: [
      after('when', CLAUSE),
      after('if', CLAUSE),
      new RegExp(
        String.raw`${START}in\s+(?:(?:an?|the)\s+)?(?!(?:an?|the|this|that)\s)(${TERM})\s+environment`,
        'giu',
      ),
      after('requires', CLAUSE),
      after(String.raw`only\s+(?:works\s+)?in`, CLAUSE),
    ],
    evidence: [
      after(String.raw`verified\s+by`, CLAUSE),
      after(String.raw`tested\s+by`, CLAUSE),
      after(String.raw`proven\s+by`, CLAUSE),
      after(String.raw`observed\s+in`, CLAUSE),
    ],
    exceptions: [
      after(String.raw`except(?:\s+for${END})?`, CLAUSE),
      after('excluding', CLAUSE),
      after(String.raw`but\s+not`, CLAUSE),
      after('without', CLAUSE),
    ],
    times: ['since', 'after', String.raw`as\s+of`].map((marker) => after(marker, TIME_CLAUSE)),
    version: new RegExp(String.raw`${START}v?\p{Nd}+(?:\.\p{Nd}+)+`, 'iu'),
    namedKind: new RegExp(
      String.raw`${TERM_START}(${TERM})(?=\s+((?:module|service|layer|system|component|database|API|thread|process|flow|leak)${LETTER}*))`,
      'giu',
    ),
    object: new RegExp(
      String.raw`${START}(?:implements?|fixes?|supports?|handles?)(?=((?:\s+${TERM}){1,4}))`,
      'giu',
    ),
    terms: [
      new RegExp(String.raw`${START}\p{Lu}[\p{L}\p{M}\p{N}]{2,}${END}`, 'gu'),
      new RegExp(`${START}(?<!${LETTER}-)${LETTER}+(?:-${LETTER}+)+`, 'gu'),
    ],
  }
}

function anyOf(words: string): RegExp {
  return new RegExp(`${START}(?:${words})${END}`, 'iu')
}

function after(marker: string, clause: string): RegExp {
  return new RegExp(String.raw`${START}${marker}\s+(${clause})`, 'giu')
}
