import { DatabaseConnectionError } from '../../../errors.js'
import { Connection } from '../local/connection.js'
import { inodeOf } from '../local/inode-of.js'
import { patiently } from '../local/local-writer.js'
import { SELECT_SETTING } from '../schema.js'
import type { Query, SqlRow, SqlSource } from '../sql-source.js'
import { SELECT_IS_OURS, SELECT_NEWEST_CHANGE, SELECT_NEWEST_WRITE, SELECT_WRITE } from '../statements.js'
import { translateError } from '../translate-error.js'
import type { HistoryMark } from './replica-record.js'

/** A row of the change feed, by which the tail of a copy is known. */
export type ChangeMark = { readonly seq: number; readonly id: string; readonly op: string }

/** What a copy has seen last of its primary. */
export type CopyTail = {
  readonly epoch: string
  readonly newestWrite: HistoryMark | null
  readonly newestChange: ChangeMark | null
}

type Opened = { readonly connection: Connection; readonly inode: string }

/** Reading the local copy of a primary, by a plain connection that never writes. */
export class ReplicaCopy implements SqlSource {
  readonly #path: string
  readonly #encryptionKey: string | undefined
  readonly #busyTimeoutMs: number
  #opened: Opened | null = null

  constructor(path: string, encryptionKey: string | undefined, busyTimeoutMs: number) {
    this.#path = path
    this.#encryptionKey = encryptionKey
    this.#busyTimeoutMs = busyTimeoutMs
  }

  get isOpen(): boolean {
    return this.#opened !== null
  }

  /** Stands for the file that is read, another object for another. */
  get database(): object {
    return this.#opened ?? this
  }

  /** Opens the copy, or the one that has taken its place. */
  async refresh(): Promise<void> {
    const inode = inodeOf(this.#path)
    if (inode === null || this.#opened?.inode === inode) return
    const connection = await Connection.open({ path: this.#path, encryptionKey: this.#encryptionKey }).catch(
      (error: unknown) => {
        throw translateError(error, `Cannot open ${this.#path}`)
      },
    )
    try {
      await patiently(() => connection.exec('PRAGMA query_only = ON'), this.#busyTimeoutMs, 'Cannot open')
    } catch (error) {
      connection.close()
      throw error
    }
    this.#opened?.connection.close()
    this.#opened = { connection, inode }
  }

  read(queries: readonly Query[]): Promise<SqlRow[][]> {
    return this.use((connection) => connection.read(queries))
  }

  /** Runs synchronous work on the connection, again while another process keeps it from reading. */
  use<Result>(work: (connection: Connection) => Result): Promise<Result> {
    return patiently(() => work(this.#required()), this.#busyTimeoutMs, 'Cannot read')
  }

  /** What the copy ends with; `null` before it holds a memory graph. */
  tail(): Promise<CopyTail | null> {
    return this.use((connection) => {
      if (connection.value(SELECT_IS_OURS) !== 1) return null
      const epoch = connection.value(SELECT_SETTING, ['epoch'])
      if (typeof epoch !== 'string') return null
      const write = connection.get(SELECT_NEWEST_WRITE) as [number, string] | undefined
      const change = connection.get(SELECT_NEWEST_CHANGE) as [number, string, string] | undefined
      return {
        epoch,
        newestWrite: write ? { seq: write[0], id: write[1] } : null,
        newestChange: change ? { seq: change[0], id: change[1], op: change[2] } : null,
      }
    })
  }

  /** Whether the copy shows a write. */
  holds(writeId: string): Promise<boolean> {
    return this.use((connection) => connection.value(SELECT_WRITE, [writeId]) === 1)
  }

  close(): void {
    this.#opened?.connection.close()
    this.#opened = null
  }

  #required(): Connection {
    if (this.#opened) return this.#opened.connection
    throw new DatabaseConnectionError(
      `${this.#path} holds no complete copy of the primary yet: it must be reachable once`,
      { code: 'MG_OFFLINE' },
    )
  }
}
