import { join } from 'node:path'
import { TursoBackend } from '../../src/backends/turso/turso-backend.js'
import { scratchFolder } from './scratch.js'
import { type Sqld, startSqld } from './sqld.js'

/** A primary and a path at which a copy of it is kept up to date. */
export type KeptReplica = {
  readonly sqld: Sqld
  readonly options: { readonly url: string; readonly path: string }
  /** Connected for as long as the pool is, so that what syncs need not be started for each case. */
  readonly keeper: TursoBackend
}

const OURS = "'nodes', 'relationships', 'mg_schema', 'mg_memory', 'mg_change', 'mg_write'"

/** Replicas whose memory graph is empty whenever they are taken. */
export class ReplicaPool implements AsyncDisposable {
  readonly #free: KeptReplica[] = []
  readonly #all: KeptReplica[] = []

  async take(): Promise<KeptReplica> {
    const free = this.#free.pop()
    if (free) return free
    const sqld = await startSqld()
    const options = { url: sqld.url, path: join(scratchFolder(), 'replica.db') }
    const kept = { sqld, options, keeper: await TursoBackend.create(options) }
    this.#all.push(kept)
    return kept
  }

  /** Empties a replica, through its primary, and keeps it for the next. */
  async giveBack(replica: KeptReplica): Promise<void> {
    const { keeper } = replica
    for (const table of ['relationships', 'nodes', 'mg_change']) {
      await keeper.executeWriteQuery(`DELETE FROM ${table}`)
    }
    const others = await keeper.executeQuery(
      `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT IN (${OURS}) AND name NOT LIKE 'mg_text%'`,
    )
    for (const { name } of others) await keeper.executeWriteQuery(`DROP TABLE "${String(name)}"`)
    this.#free.push(replica)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#all.map(({ keeper }) => keeper.disconnect()))
    await Promise.all(this.#all.map(({ sqld }) => sqld[Symbol.asyncDispose]()))
  }
}
