import { openHttp } from '@libsql/hrana-client'
import { type Sqld, startSqld } from './sqld.js'

const DROP_EVERYTHING = `
PRAGMA foreign_keys = OFF;
DROP TABLE IF EXISTS relationships; DROP TABLE IF EXISTS nodes; DROP TABLE IF EXISTS mg_vocabulary; DROP TABLE IF EXISTS mg_vocabulary_trigram;
DROP TABLE IF EXISTS mg_text; DROP TABLE IF EXISTS mg_trigram; DROP TABLE IF EXISTS mg_memory;
DROP TABLE IF EXISTS mg_change; DROP TABLE IF EXISTS mg_write; DROP TABLE IF EXISTS mg_revision;
DROP TABLE IF EXISTS mg_version; DROP TABLE IF EXISTS mg_context; DROP TABLE IF EXISTS mg_audit; DROP TABLE IF EXISTS mg_schema;`

/** Servers that are empty whenever they are taken, and start once instead of for each case. */
export class SqldPool implements AsyncDisposable {
  readonly #free: Sqld[] = []
  readonly #all: Sqld[] = []

  /** A server without any table. */
  async take(): Promise<Sqld> {
    const free = this.#free.pop()
    if (free) return free
    const started = await startSqld()
    this.#all.push(started)
    return started
  }

  /** Empties a server and keeps it for the next. Fails when a test left something in it that is not ours. */
  async giveBack(sqld: Sqld): Promise<void> {
    const client = openHttp(sqld.url, undefined, undefined, undefined, 2)
    const stream = client.openStream()
    await stream.sequence(DROP_EVERYTHING)
    const { rows } = await stream.query("SELECT name FROM sqlite_master WHERE type = 'table'")
    client.close()
    if (rows.length === 0) this.#free.push(sqld)
    else await sqld[Symbol.asyncDispose]()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#all.map((sqld) => sqld[Symbol.asyncDispose]()))
  }
}
