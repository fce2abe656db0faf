import { isUtf8 } from 'node:buffer'
import { isTooLarge, type SqlSource, type SqlValue } from './sql-source.js'

/**
 * Rows that the engine packs into one JSON text, since it hands one value over faster than thousands. A statement has the text as its
 * first column, and as its second, where it is of a page, the place of the last row if the page is full.
 */
export type PackedQuery = {
  readonly packed: string
  /** The rows themselves, with their place as the last column, for a source that cannot hand so much over at once. */
  readonly rows: string
  readonly values: readonly SqlValue[]
  /** How many columns, from the first on, are ids. */
  readonly ids: number
}

/** Rows as arrays (those of a single column as what is in it), and behind which place the next page begins: `null` after the last. */
export type Unpacked = { readonly rows: unknown[]; readonly next: string | null }

/** Reads rows; without those that have an id that is no UTF-8, which nobody could ask for. */
export async function readPacked(source: SqlSource, query: PackedQuery): Promise<Unpacked> {
  const { packed, rows: sql, values, ids } = query
  try {
    const [results] = await source.read([{ sql: packed, values, isSingle: true }])
    const [json, next] = results?.[0] ?? []
    return { rows: unpacked(json as Uint8Array, ids), next: placeOf(next) }
  } catch (error) {
    if (!isTooLarge(error)) throw error
    const [rows = []] = await source.read([{ sql, values }])
    return { rows: rows.map((row) => (row.length === 1 ? row[0] : row)), next: placeOf(rows.at(-1)?.at(-1)) }
  }
}

function placeOf(value: unknown): string | null {
  return value === null || value === undefined ? null : String(value)
}

// Bytes, since the engine ends the process rather than hand over text that is no UTF-8.
function unpacked(json: Uint8Array, ids: number): unknown[] {
  const text = Buffer.from(json.buffer, json.byteOffset, json.length)
  if (isUtf8(text)) return JSON.parse(text.toString())
  const rows: unknown[] = JSON.parse(text.toString('latin1')) // each byte a character
  return rows
    .filter((row) => [row].flat().slice(0, ids).every(isReadable))
    .map((row) => (Array.isArray(row) ? row.map(readable) : readable(row)))
}

function isReadable(id: unknown): boolean {
  return isUtf8(Buffer.from(id as string, 'latin1'))
}

function readable(value: unknown): unknown {
  return typeof value === 'string' ? Buffer.from(value, 'latin1').toString() : value
}
