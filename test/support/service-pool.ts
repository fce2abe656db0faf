import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { TursoBackend, type TursoBackendOptions } from '../../src/backends/turso/turso-backend.js'
import type { CreatedBackend } from '../../src/testing/index.js'
import { emptyGraph, otherTablesOf } from './empty-graph.js'

const GIVE_ANOTHER = 'give a database that may be emptied'

/**
 * Databases that can be filled and emptied, but neither made nor deleted: those of a service. Each is empty whenever it is taken. In
 * replica mode there is one copy of each: a new one would download all that was ever written.
 */
export class ServicePool implements AsyncDisposable {
  readonly #free: string[]
  readonly #mode: 'remote' | 'replica'
  readonly #authToken: string | undefined
  /** Connected for as long as the pool is, to empty what cases leave, and to keep the copies up to date with that. */
  readonly #keepers = new Map<string, TursoBackend>()
  readonly #folders = new Map<string, string>()
  /** Those that a case may have left something in. */
  readonly #used = new Set<string>()

  constructor(urls: readonly string[], mode: 'remote' | 'replica', authToken?: string) {
    this.#free = [...urls]
    this.#mode = mode
    this.#authToken = authToken
  }

  /** A backend on a database that no other case has. */
  async take(): Promise<CreatedBackend> {
    const url = this.#free.pop()
    if (url === undefined) throw new Error('There are fewer databases than this case needs')
    const giveBack = (): void => void this.#free.push(url)
    try {
      await this.#empty(url)
      this.#used.add(url)
      const options = this.#options(url, 'replica.db')
      return {
        backend: await TursoBackend.create(options),
        sameStore: () => TursoBackend.create(options),
        unconnected: new TursoBackend(this.#options(url, 'other.db')),
        dispose: () => this.#empty(url).finally(giveBack),
      }
    } catch (error) {
      giveBack()
      throw error
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#keepers.values()].map((keeper) => keeper.disconnect()))
    for (const folder of this.#folders.values()) rmSync(folder, { recursive: true, force: true })
  }

  async #empty(url: string): Promise<void> {
    const keeper = this.#keepers.get(url) ?? (await this.#openEmpty(url))
    this.#keepers.set(url, keeper)
    if (!this.#used.has(url)) return
    await emptyGraph(keeper)
    this.#used.delete(url)
  }

  async #openEmpty(url: string): Promise<TursoBackend> {
    await this.#requireEmpty(url)
    return TursoBackend.create({ ...this.#options(url, 'replica.db'), circuitFailures: 1_000 })
  }

  /** Makes sure, before anything is written, that nothing is in a database that anyone could miss. */
  async #requireEmpty(url: string): Promise<void> {
    await using backend = new TursoBackend({ url, mode: 'remote', authToken: this.#authToken })
    await backend.connect()
    const [other] = await otherTablesOf(backend)
    if (other !== undefined) throw new Error(`${url} has the table ${other}: ${GIVE_ANOTHER}`)
    await backend.initializeSchema()
    const { node_count: nodes } = await backend.healthCheck()
    if (nodes !== 0) throw new Error(`${url} holds ${nodes} nodes: ${GIVE_ANOTHER}`)
  }

  #options(url: string, file: string): TursoBackendOptions {
    const options = { url, mode: this.#mode, authToken: this.#authToken }
    return this.#mode === 'remote' ? options : { ...options, path: join(this.#folderOf(url), file) }
  }

  #folderOf(url: string): string {
    const folder = this.#folders.get(url) ?? mkdtempSync(join(tmpdir(), 'memorygraph-service-'))
    this.#folders.set(url, folder)
    return folder
  }
}
