import type { DatabaseRecord } from './database-source.js'
import type { TableReader } from './table-reader.js'

/** How a program keeps memories in tables. */
export type DatabaseLayout = {
  /** Whose layout it is, for reports. */
  readonly format: string
  /** Whether a database has it. */
  readonly fits: (reader: TableReader) => boolean
  /** What a database holds that has it. */
  readonly records: (reader: TableReader) => AsyncGenerator<DatabaseRecord>
}
