import { type ContextSigns, contextSigns } from './context-signs.js'
import { RELATIONSHIP_SCOPES, type RelationshipScope } from './relationship-scope.js'

export { RELATIONSHIP_SCOPES, type RelationshipScope }

/** What the words about a relationship say, part by part. Extracted lists are in order of appearance and without duplicates. */
export type RelationshipContext = {
  /** The words themselves, as they were given. */
  text: string
  scope: RelationshipScope | null
  /** Parts of a system that are named: "auth module", "PostgreSQL", "two-factor". */
  components: string[]
  /** What it depends on: "Redis is configured", "production". */
  conditions: string[]
  /** What shows that it holds: "integration tests". */
  evidence: string[]
  /** Since when it holds, or of which version: "v2.1.0", "June 2024". */
  temporal: string | null
  /** What it does not hold for: "XML". */
  exceptions: string[]
}

/** What {@link matchesContext} looks for. What is absent or `null` is not looked at; a list that is empty matches nothing. */
export type ContextFilter = {
  readonly scope?: RelationshipScope | null | undefined
  /** Texts of which one must be part of a condition. */
  readonly conditions?: readonly string[] | null | undefined
  /** Whether there must be evidence, or must be none. */
  readonly hasEvidence?: boolean | null | undefined
  /** Texts of which one must be part of a piece of evidence. */
  readonly evidence?: readonly string[] | null | undefined
  /** Texts of which one must be part of a component. */
  readonly components?: readonly string[] | null | undefined
  /** Text, or texts of which one, must be part of the time or version. */
  readonly temporal?: string | readonly string[] | null | undefined
}

/** Characters that extraction looks at; MemoryGraph's own tool takes contexts of up to 10,000. */
const MAX_READ_CHARACTERS = 100_000

const SENTENCE_END = /[.!?]\s+(?=\p{Lu})/u

/** Words that only join others; one is never a component, nor the end of one. */
const JOINING_WORDS: ReadonlySet<string> = new Set(
  `a an the this that and or but not in on at to of for from by with without via as is are if when since after only except
  excluding requires`.split(/\s+/),
)
/** Words that may begin a sentence without naming anything; most are signs that the patterns above read. */
const SIGN_WORDS: ReadonlySet<string> = new Set(
  `testing verified tested proven observed partial partially limited incomplete full fully complete completely entirely
  conditional conditionally implement implements fixes support supports handle handles`.split(/\s+/),
)
/** Objects too vague to be a component when they stand alone. */
const VAGUE_OBJECTS: ReadonlySet<string> = new Set(['partially', 'fully', 'feature', 'all'])

/** Brackets and quotes; at the end of a clause one without its partner does not belong to it. */
const CLOSING_SIGNS: readonly (readonly [closing: string, opening: string])[] = [
  [')', '('],
  [']', '['],
  ['}', '{'],
  ['”', '“'],
  ['’', '‘'],
  ['"', '"'],
  ["'", "'"],
  ['`', '`'],
]

/**
 * Finds scope, components, conditions, evidence, time and exceptions in free English text, by the signs MemoryGraph goes by:
 * "partially", "when …", "verified by …", "since …", "except …", "… module". Clauses end with a comma, semicolon or full stop.
 * Takes time in proportion to the text, looks at its first 100,000 characters, and never throws.
 */
export function extractRelationshipContext(text: string): RelationshipContext {
  const read = beginningOf(text)
  const signs = contextSigns()
  return {
    text,
    scope: signs.scopes.find(([, sign]) => sign.test(read))?.[0] ?? null,
    components: componentsIn(read, signs),
    conditions: clausesIn(read, signs.conditions),
    evidence: clausesIn(read, signs.evidence),
    temporal: timeIn(read, signs),
    exceptions: clausesIn(read, signs.exceptions),
  }
}

/**
 * Reads the context of a stored relationship: a JSON object with the parts, as MemoryGraph's tools write it, or free text,
 * which goes through {@link extractRelationshipContext}. Of an object, absent parts are empty, a text or number counts as a list
 * of one, and what cannot be such a part is ignored. `null` for no context and for a blank one. Never throws.
 */
export function parseRelationshipContext(stored: string | null | undefined): RelationshipContext | null {
  if (stored === null || stored === undefined || stored.trim() === '') return null
  const parts = jsonObjectOf(stored)
  if (parts === null) return extractRelationshipContext(stored)
  const { text, scope, temporal } = parts
  return {
    text: typeof text === 'string' ? text : '',
    scope: RELATIONSHIP_SCOPES.find((name) => name === scope) ?? null,
    components: listOf(parts['components']),
    conditions: listOf(parts['conditions']),
    evidence: listOf(parts['evidence']),
    temporal: Array.isArray(temporal) ? null : (listOf(temporal)[0] ?? null),
    exceptions: listOf(parts['exceptions']),
  }
}

/**
 * Whether a context has everything a filter asks for: each field that is given must match, of a list one text suffices. Texts
 * match as parts, whatever the case; the scope matches exactly. A relationship without context (`null`) has a context that says
 * nothing, so that it matches `hasEvidence: false` and the empty filter.
 */
export function matchesContext(context: RelationshipContext | null, filter: ContextFilter): boolean {
  const evidence = context?.evidence ?? []
  const time = context?.temporal ?? null
  return (
    (isAbsent(filter.scope) || context?.scope === filter.scope) &&
    (isAbsent(filter.hasEvidence) || evidence.length > 0 === filter.hasEvidence) &&
    holdsAny(context?.conditions ?? [], filter.conditions) &&
    holdsAny(evidence, filter.evidence) &&
    holdsAny(context?.components ?? [], filter.components) &&
    holdsAny(time === null ? [] : [time], filter.temporal)
  )
}

function beginningOf(text: string): string {
  if (text.length <= MAX_READ_CHARACTERS) return text
  return text.slice(0, MAX_READ_CHARACTERS).replace(/[\ud800-\udbff]$/, '')
}

type Finding = { readonly at: number; readonly text: string }

function clausesIn(text: string, signs: readonly RegExp[]): string[] {
  return inOrder(
    signs.flatMap((sign) =>
      [...text.matchAll(sign)].map((match) => ({ at: match.index, text: tidied(match[1] ?? '') })),
    ),
  )
}

function componentsIn(text: string, { namedKind, object, terms: written }: ContextSigns): string[] {
  const named = [...text.matchAll(namedKind)].map((match) => {
    const [, name = '', kind = ''] = match
    return { at: match.index, text: isJoining(name) ? kind : `${name} ${kind}` }
  })
  const objects = [...text.matchAll(object)].map((match) => ({
    at: match.index,
    text: objectOf((match[1] ?? '').trim().split(/\s+/)),
  }))
  const terms = written.flatMap((pattern) =>
    [...text.matchAll(pattern)].map((match) => ({
      at: match.index,
      text: isJoining(match[0]) || SIGN_WORDS.has(match[0].toLowerCase()) ? '' : match[0],
    })),
  )
  return inOrder([...named, ...objects, ...terms])
}

/** One or two words: the first that names something, and the next unless it only joins. */
function objectOf(words: readonly string[]): string {
  const first = words.findIndex((word) => !isJoining(word))
  const second = words[first + 1]
  if (first === -1) return ''
  const object = second === undefined || isJoining(second) ? `${words[first]}` : `${words[first]} ${second}`
  return VAGUE_OBJECTS.has(object.toLowerCase()) ? '' : object
}

function isJoining(word: string): boolean {
  return JOINING_WORDS.has(word.toLowerCase())
}

function timeIn(text: string, { times, version }: ContextSigns): string | null {
  for (const sign of times) {
    for (const match of text.matchAll(sign)) {
      const time = tidied((match[1] ?? '').split(SENTENCE_END, 1)[0] ?? '')
      if (time !== '') return time
    }
  }
  return version.exec(text)?.[0] ?? null
}

/** Texts in order of appearance, each once whatever its case, without empty ones. */
function inOrder(findings: readonly Finding[]): string[] {
  const distinct = new Map<string, string>()
  for (const { text } of findings.toSorted((one, other) => one.at - other.at)) {
    const key = text.toLowerCase()
    if (text !== '' && !distinct.has(key)) distinct.set(key, text)
  }
  return [...distinct.values()]
}

/** A clause on one line, without punctuation at its end. */
function tidied(clause: string): string {
  const line = clause.replace(/\s+/g, ' ').trim()
  const unpaired = CLOSING_SIGNS.filter(([closing, opening]) => {
    const opened = line.indexOf(opening)
    return opened === -1 || opened === line.lastIndexOf(closing)
  })
  const droppable = ` .,;:!?…${unpaired.map(([closing]) => closing).join('')}`
  let end = line.length
  while (end > 0 && droppable.includes(line.charAt(end - 1))) end--
  return line.slice(0, end)
}

function jsonObjectOf(text: string): { readonly [key: string]: unknown } | null {
  if (!/^\s*\{/.test(text)) return null
  try {
    // What begins with a brace is an object or no JSON.
    return JSON.parse(text)
  } catch {
    return null
  }
}

function listOf(value: unknown): string[] {
  const items: readonly unknown[] = Array.isArray(value) ? value : [value]
  return items
    .filter((item) => typeof item === 'string' || typeof item === 'number')
    .map(String)
    .filter((item) => item.trim() !== '')
}

function isAbsent(value: unknown): value is null | undefined {
  return value === null || value === undefined
}

function holdsAny(texts: readonly string[], wanted: string | readonly string[] | null | undefined): boolean {
  if (isAbsent(wanted)) return true
  const folded = texts.map(fold)
  return [wanted].flat().some((part) => folded.some((text) => text.includes(fold(part))))
}

function fold(text: string): string {
  return text.normalize('NFC').toLowerCase()
}
