import type { Connection } from '../local/connection.js'
import type { SqlDatabase, SqlSource } from '../sql-source.js'

/** A database file that this process has open. */
export type OpenFile = {
  readonly path: string
  readonly encryptionKey: string | undefined
  /** Whether it is the local copy of a primary. */
  readonly isReplica: boolean
}

/** What backups, checks and repairs need of a store. */
export type MaintainedStore = {
  /** What reads are answered from: the file, the local copy, or the primary. */
  readonly reading: SqlSource
  /** Where writes go: the file, or the primary. */
  readonly writing: SqlDatabase
  /** The file that reads are answered from; `null` where there is none. */
  readonly file: OpenFile | null
  /** Has the one connection of a `:memory:` database to itself; `null` for all others. */
  readonly alone: (<Result>(work: (connection: Connection) => Promise<Result>) => Promise<Result>) | null
  /** Makes reads show what the primary holds; `null` where nothing is followed. */
  readonly sync: (() => Promise<unknown>) | null
}
