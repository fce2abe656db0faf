import type { CompleteTextBoosts } from '../../model/text-boosts.js'
import { spellings } from '../../search/case-forms.js'
import type { TextTerm } from '../../search/text-match.js'
import { type Piece, piece } from './sql-piece.js'

/** How many characters an entry of `mg_trigram` has; what is shorter is the beginning of entries. */
const GRAM = 3
/** How soon one more place of a text in a memory counts less, as in bm25. */
const SATURATION = 1.2

/** Whether a text of an unspaced script is found as the beginning of entries, not as a phrase of them. */
export function isShort({ text }: TextTerm): boolean {
  return [...text.normalize('NFC')].length < GRAM
}

/** What MATCH finds terms by that are not short, in either spelling. */
export function matchUnspaced(terms: readonly TextTerm[], mode: 'any' | 'all'): string {
  return terms
    .map(({ text }) => `(${spellings(text).map(quoted).join(' OR ')})`)
    .join(mode === 'all' ? ' AND ' : ' OR ')
}

/** The condition that a row of `mg_text` holds a term of an unspaced script; a strict one is not looked for in tags. */
export function holdsUnspaced(term: TextTerm, isStrict: boolean): Piece {
  if (isShort(term)) {
    const { sql, values } = beginningsOf([term])
    const columns = isStrict ? ` WHERE entry.col <> 'tags'` : ''
    return piece(`mg_text.rowid IN (SELECT entry.doc FROM ${sql}${columns})`, ...values)
  }
  const match = matchUnspaced([term], 'all')
  return piece(
    'mg_text.rowid IN (SELECT rowid FROM mg_trigram WHERE mg_trigram MATCH ?)',
    isStrict ? `{title summary content} : ${match}` : match,
  )
}

/**
 * What short terms find, as `key` and `score`, the less the better: by how often and where a memory holds them, and by how few
 * memories do. A look at entries alone, since FTS5 would have to be asked for each that begins so.
 */
export function selectShort(
  terms: readonly TextTerm[],
  mode: 'any' | 'all',
  { title, summary, tags, content }: CompleteTextBoosts,
): Piece {
  const { sql, values } = beginningsOf(terms)
  const weight = `CASE entry.col WHEN 'title' THEN ${title} WHEN 'summary' THEN ${summary} WHEN 'tags' THEN ${tags} ELSE ${content} END`
  const inEach = mode === 'all' ? ` HAVING count(*) = ${terms.length}` : ''
  return piece(
    `SELECT key, -sum(weight / (weight + ${SATURATION}) * ln(1 + (total - held + 0.5) / (held + 0.5))) AS score
    FROM (
      SELECT doc AS key, 1.0 * sum(${weight}) AS weight, count(*) OVER (PARTITION BY wanted.term) AS held,
        (SELECT count(*) FROM mg_memory) AS total
      FROM ${sql} GROUP BY wanted.term, doc)
    GROUP BY key${inEach}`,
    ...values,
  )
}

function beginningsOf(terms: readonly TextTerm[]): Piece {
  const beginnings = terms.flatMap(({ text }, term) =>
    spellings(text).map((spelling) => ({ term, text: [...spelling.toLowerCase()].slice(0, GRAM).join('') })),
  )
  return piece(
    `(SELECT json_extract(value, '$.term') AS term, json_extract(value, '$.text') AS text FROM json_each(?)) AS wanted
      CROSS JOIN mg_vocabulary_trigram AS entry ON entry.term >= wanted.text AND entry.term < wanted.text || char(1114111)`,
    JSON.stringify(beginnings),
  )
}

function quoted(text: string): string {
  return `"${text.replaceAll('"', '""')}"`
}
