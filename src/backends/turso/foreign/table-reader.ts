import { TextDecoder } from 'node:util'
import { breathe } from '../../../breathe.js'
import { DatabaseConnectionError } from '../../../errors.js'
import type { Connection } from '../local/connection.js'
import type { SqlRow, SqlValue } from '../sql-source.js'
import { translateError } from '../translate-error.js'

/** A table to be read. */
export type TableReading = {
  readonly table: string
  /** Columns that name things: only text is a name, so what is none is read as `null`. */
  readonly names: readonly string[]
  /** What else is read, by the name it gets: SQL over the row `t`. */
  readonly columns: { readonly [name: string]: string }
  /** SQL over the row `t` that says which rows are meant. Default is all. */
  readonly where?: string
}

/** What a row has in a column. */
export type TableValue = string | number | null

/** A row by the names of its columns. */
export type TableRow = {
  readonly values: { readonly [name: string]: TableValue }
  /** Which row it is, for reports. */
  readonly place: string
}

/** How much is read at once: at most so many rows, and so many bytes unless the first row alone has more. */
const PAGE_ROWS = 250
const PAGE_BYTES = 1024 * 1024
const BEFORE_FIRST_ROWID = -(2n ** 63n)
const NOT_TEXT = '\ufffd'

/*
 * Text is read as bytes, since the engine ends the process rather than hand over text that is no UTF-8. Row numbers are read as text,
 * since they can be greater than the integers that a number holds.
 */
const SELECT_ENCODING = 'PRAGMA encoding'
const SELECT_TABLES = `SELECT CAST(name AS BLOB) FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'`
const SELECT_COLUMNS = 'SELECT CAST(name AS BLOB) FROM pragma_table_info(?)'

/** Reads the tables of a database that nobody writes, whatever is in their rows. */
export class TableReader {
  /** The names of the tables. */
  readonly tables: readonly string[]
  readonly #name: string
  readonly #decoder: TextDecoder
  #connection: Connection | null

  /** Takes the connection over. `name` is what errors call the database. */
  constructor(connection: Connection, name: string) {
    this.#connection = connection
    this.#name = name
    this.#decoder = new TextDecoder(String(this.read(SELECT_ENCODING)[0]?.[0]), { ignoreBOM: true })
    this.tables = this.read(SELECT_TABLES).map(([table]) => String(this.decode(table)))
  }

  /** The columns of a table; none where there is no such table. */
  columns(table: string): string[] {
    return this.tables.includes(table)
      ? this.read(SELECT_COLUMNS, [table]).map(([column]) => String(this.decode(column)))
      : []
  }

  /** Whether there is a table that has these columns, perhaps among others. */
  has(table: string, ...columns: readonly string[]): boolean {
    const present = this.columns(table)
    return present.length > 0 && columns.every((column) => present.includes(column))
  }

  /** The rows of a table in the order of their numbers, page by page. */
  async *pages(reading: TableReading): AsyncGenerator<TableRow[]> {
    const { sizes, range } = statementsOf(reading, this.columns(reading.table))
    for (let after = BEFORE_FIRST_ROWID; ; ) {
      await breathe()
      const last = lastOfPage(this.read(sizes, [after, BigInt(PAGE_ROWS)]))
      if (last === null) return
      yield this.read(range, [after, last]).map((row) => this.#rowOf(reading, row))
      after = last
    }
  }

  /** The rows of a statement, as the engine gives them. */
  read(sql: string, values: readonly SqlValue[] = []): SqlRow[] {
    if (this.#connection === null) {
      throw new DatabaseConnectionError(`${this.#name} is closed: open it again`, {
        code: 'MG_NOT_CONNECTED',
      })
    }
    try {
      return this.#connection.all(sql, values)
    } catch (error) {
      throw translateError(error, `Cannot read ${this.#name}`)
    }
  }

  /** A value whose text was read as bytes. What is no text there is replaced. */
  decode(value: unknown): TableValue {
    return value instanceof Uint8Array ? this.#decoder.decode(value) : (value as number | null)
  }

  close(): void {
    this.#connection?.close()
    this.#connection = null
  }

  #rowOf({ table, names, columns }: TableReading, [number, ...row]: SqlRow): TableRow {
    const keys = [...names, ...Object.keys(columns)]
    const entries = keys.map((key, at) => {
      const text = this.decode(row[at])
      return [key, at < names.length && isDamaged(text, row[at]) ? null : text] as const
    })
    return { values: Object.fromEntries(entries), place: `${table} row ${number}` }
  }
}

// Two different names whose damaged bytes are replaced could become the same.
function isDamaged(text: TableValue, bytes: unknown): boolean {
  return typeof text === 'string' && text.includes(NOT_TEXT) && !Buffer.from(text).equals(bytes as Uint8Array)
}

function statementsOf(
  { table, names, columns, where = 'true' }: TableReading,
  present: readonly string[],
): { readonly sizes: string; readonly range: string } {
  const bytes = present.map((column) => `coalesce(octet_length(${columnOf(column)}), 0)`)
  const selected = [
    ...names.map((name) => `CASE typeof(t.${name}) WHEN 'text' THEN CAST(t.${name} AS BLOB) END`),
    ...Object.values(columns).map(
      (sql) => `CASE typeof(${sql}) WHEN 'text' THEN CAST(${sql} AS BLOB) ELSE ${sql} END`,
    ),
  ]
  return {
    sizes: `SELECT CAST(t.rowid AS TEXT), ${bytes.join(' + ')} FROM ${table} AS t
WHERE t.rowid > ?1 AND ${where} ORDER BY t.rowid LIMIT ?2`,
    range: `SELECT CAST(t.rowid AS TEXT), ${selected.join(', ')} FROM ${table} AS t
WHERE t.rowid > ?1 AND t.rowid <= ?2 AND ${where} ORDER BY t.rowid`,
  }
}

/** SQL for a column of the row `t`, whatever it is called. */
export function columnOf(name: string): string {
  return `t."${name.replaceAll('"', '""')}"`
}

function lastOfPage(sizes: readonly SqlRow[]): bigint | null {
  let last: SqlRow | null = null
  let bytes = 0
  for (const size of sizes) {
    bytes += Number(size[1])
    if (last !== null && bytes > PAGE_BYTES) break
    last = size
  }
  return last === null ? null : BigInt(String(last[0]))
}
