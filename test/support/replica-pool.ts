import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { TursoBackend } from '../../src/backends/turso/turso-backend.js'
import { emptyGraph } from './empty-graph.js'
import { type Sqld, startSqld } from './sqld.js'

/** A primary and a path at which a copy of it is kept up to date. */
export type KeptReplica = {
  readonly sqld: Sqld
  readonly options: { readonly url: string; readonly path: string }
  /** Connected for as long as the pool is, so that what syncs need not be started for each case. */
  readonly keeper: TursoBackend
}

/** Replicas whose memory graph is empty whenever they are taken. */
export class ReplicaPool implements AsyncDisposable {
  readonly #free: KeptReplica[] = []
  readonly #all: KeptReplica[] = []
  readonly #folders: string[] = []

  async take(): Promise<KeptReplica> {
    const free = this.#free.pop()
    if (free) return free
    const sqld = await startSqld()
    const folder = mkdtempSync(join(tmpdir(), 'memorygraph-replica-')) // outlives the test that takes it first
    this.#folders.push(folder)
    const options = { url: sqld.url, path: join(folder, 'replica.db') }
    const kept = { sqld, options, keeper: await TursoBackend.create(options) }
    this.#all.push(kept)
    return kept
  }

  /** Empties a replica, through its primary, and keeps it for the next. */
  async giveBack(replica: KeptReplica): Promise<void> {
    await emptyGraph(replica.keeper)
    this.#free.push(replica)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#all.map(({ keeper }) => keeper.disconnect()))
    await Promise.all(this.#all.map(({ sqld }) => sqld[Symbol.asyncDispose]()))
    for (const folder of this.#folders) rmSync(folder, { recursive: true, force: true })
  }
}
