import { type CompleteTextBoosts, DEFAULT_TEXT_BOOSTS } from '../../model/text-boosts.js'
import { fts5Match } from '../../search/fts5-query.js'
import { substringPattern, type TextPattern } from '../../search/substring-pattern.js'
import { ALTERNATIVE_WEIGHT, alternativesOf, type TextMatch, type TextTerm } from '../../search/text-match.js'
import { isUnspaced } from '../../search/unspaced-script.js'
import { combined, type Piece, piece } from './sql-piece.js'
import { holdsUnspaced, isShort, matchUnspaced, selectShort } from './unspaced-query.js'

/** A full-text index of ours. */
type Index = 'mg_text' | 'mg_trigram'

/** The relevance of a hit in an index, the less the better. */
export function relevanceIn(
  table: Index,
  { title, summary, tags, content }: CompleteTextBoosts = DEFAULT_TEXT_BOOSTS,
): string {
  return `bm25(${table}, ${title}, ${summary}, ${tags}, ${content})`
}

/** Whether full-text indexes alone find a text and tell how relevant it is. */
export function isIndexed(text: TextMatch): boolean {
  return text.terms.every((term) => term.match !== 'substring')
}

/** What an indexed text finds, as `key` and `score`, the less the better. */
export function selectHits(text: TextMatch): Piece {
  const hits = branchesOf(text)
  const [only] = hits
  if (only && hits.length === 1) return only
  const all = combined(hits, ' UNION ALL ')
  const inEach = text.mode === 'all' ? ` HAVING count(*) = ${hits.length}` : ''
  return piece(`SELECT key, sum(score) AS score FROM ${all.sql} GROUP BY key${inEach}`, ...all.values)
}

/** The condition that a row of `mg_text` holds a text which one look into its index finds; `null` where it takes more. */
export function soleMatch(text: TextMatch): Piece | null {
  const isSole = branchesOf(text).length === 1 && text.terms.every((term) => term.match !== 'unspaced')
  return isSole ? piece('mg_text MATCH ?', fts5Match(text.terms, text.mode)) : null
}

/** A look into an index for each kind of terms, and for what stands for terms; with `all` that is in one look with them, since each term must be found. */
function branchesOf({ terms, mode, boosts = DEFAULT_TEXT_BOOSTS }: TextMatch): Piece[] {
  const words = terms.filter((term) => term.match !== 'unspaced')
  const others = mode === 'any' ? alternativesOf(terms) : []
  const unspaced = terms.filter((term) => term.match === 'unspaced')
  const [short, long] = [unspaced.filter(isShort), unspaced.filter((term) => !isShort(term))]
  return [
    ...(words.length > 0 ? [scored('mg_text', boosts, fts5Match(words, mode))] : []),
    ...(others.length > 0 ? [scored('mg_text', boosts, fts5Match(others, 'any'), ALTERNATIVE_WEIGHT)] : []),
    ...(long.length > 0 ? [scored('mg_trigram', boosts, matchUnspaced(long, mode))] : []),
    ...(short.length > 0 ? [selectShort(short, mode, boosts)] : []),
  ]
}

function scored(table: Index, boosts: CompleteTextBoosts, match: string, factor = 1): Piece {
  return piece(
    `SELECT rowid AS key, ${factor === 1 ? '' : `${factor} * `}${relevanceIn(table, boosts)} AS score
    FROM ${table} WHERE ${table} MATCH ?`,
    match,
  )
}

/** The condition that a row of `mg_text` holds a text of which something is in no index, but has to be compared with each text. */
export function holdsText({ terms, mode }: TextMatch): Piece {
  return combined(terms.map(holdsTerm), mode === 'all' ? ' AND ' : ' OR ')
}

function holdsTerm(term: TextTerm): Piece {
  const isStrict = term.match === 'substring'
  if (isUnspaced(term.text) && (isStrict || term.match === 'unspaced')) return holdsUnspaced(term, isStrict)
  if (isStrict) return substringIn(term, ['title', 'content', 'summary'])
  return piece('mg_text.rowid IN (SELECT rowid FROM mg_text WHERE mg_text MATCH ?)', fts5Match([term], 'all'))
}

/** Whether a title holds one of the substrings of a text, as 0 or 1. */
export function isInTitle({ terms }: TextMatch): Piece {
  const substrings = terms.filter((term) => term.match === 'substring')
  return combined(
    substrings.map((term) => substringIn(term, ['title'])),
    ' OR ',
  )
}

/** The tests that a text has one of the patterns. */
export function patternTests(text: string, { operator, patterns }: TextPattern): Piece[] {
  const escaping = operator === 'LIKE' ? ` ESCAPE '\\'` : ''
  return patterns.map((pattern) => piece(`${text} ${operator} ?${escaping}`, pattern))
}

function substringIn(term: TextTerm, columns: readonly string[]): Piece {
  const pattern = substringPattern(term.text)
  const tests = columns.flatMap((column) => patternTests(`mg_text.${column}`, pattern))
  return combined(tests, ' OR ')
}
