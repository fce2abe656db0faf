/**
 * SQL for a time in any form ISO 8601 allows as this library writes it; NULL for what is none. The fraction is taken from the
 * text, since SQLite's own functions round to milliseconds.
 */
export function instantOf(time: string): string {
  return `(
    SELECT strftime('%Y-%m-%dT%H:%M:%S', substr(c, 1, 19) || substr(tail, digits + 1)) || '.'
      || substr(substr(tail, 1, digits) || '000000', 1, 6) || '+00:00'
    FROM (
      SELECT c, tail, length(tail) - length(ltrim(tail, '0123456789')) AS digits
      FROM (SELECT c, CASE WHEN substr(c, 20, 1) IN ('.', ',') THEN substr(c, 21) ELSE substr(c, 20) END AS tail
        FROM (SELECT ${time} AS c))))`
}
