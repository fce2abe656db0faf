import type { Scope } from '../../model/scope.js'
import type { WordGuesses } from '../../search/corrections.js'
import { isIdWithin } from './scope-condition.js'
import type { Query } from './sql-source.js'

/**
 * For each of these words that no text inside a scope has a word beginning with: those of its guesses that texts have, and the stems
 * that begin as it says. Guesses are looked up one by one; the stems that begin alike are walked through, all of which would take long.
 */
export function selectWords(guesses: readonly WordGuesses[], within: Scope): Query {
  const scope = isIdWithin(within, '+m.id', 2)
  const isIn = (expression: string): string =>
    within.length === 0
      ? `EXISTS (SELECT 1 FROM mg_text WHERE mg_text MATCH ${expression})`
      : `EXISTS (SELECT 1 FROM mg_text CROSS JOIN mg_memory AS m ON m.key = mg_text.rowid
          WHERE mg_text MATCH ${expression} AND ${scope.sql})`
  return {
    sql: `WITH asked AS MATERIALIZED (
      SELECT json_extract(value, '$.word') AS word, json_extract(value, '$.guesses') AS guesses,
        json_extract(value, '$.beginning') AS beginning,
        json_extract(value, '$.minLength') AS least, json_extract(value, '$.maxLength') AS most
      FROM json_each(?1)),
    unknown AS MATERIALIZED (SELECT * FROM asked WHERE NOT ${isIn(`'"' || asked.word || '" *'`)})
    SELECT word, guess.value FROM unknown CROSS JOIN json_each(unknown.guesses) AS guess
    WHERE ${isIn(`'"' || guess.value || '"'`)}
    UNION ALL
    SELECT word, v.term FROM unknown CROSS JOIN mg_vocabulary AS v
      ON v.term >= unknown.beginning AND v.term < unknown.beginning || char(1114111)
    WHERE unknown.beginning <> '' AND length(v.term) BETWEEN unknown.least AND unknown.most
      ${within.length === 0 ? '' : `AND ${isIn(`'"' || v.term || '"'`)}`}`,
    values: [JSON.stringify(guesses), ...scope.values],
  }
}
