import { NotSupportedError } from '../../errors.js'
import type { BackendCapabilities, BulkOptions, QueryParameters, Row } from '../graph-backend.js'
import type {
  DriverDescription,
  DriverHealth,
  GraphDriver,
  GraphReader,
  GraphWriter,
} from '../graph-driver.js'
import { throwIfAborted } from '../slices.js'
import { WriteQueue } from '../write-queue.js'
import { AtomicEdits } from './atomic-edits.js'
import { GraphStore } from './graph-store.js'
import { IN_MEMORY_CAPABILITIES, IN_MEMORY_DESCRIPTION } from './in-memory-description.js'
import { InMemoryReader } from './in-memory-reader.js'
import { InMemoryWriter } from './in-memory-writer.js'
import { healthOf } from './store-overview.js'

/** Keeps everything in this process: graphology holds the graph, minisearch the text. `disconnect()` forgets it all. */
export class InMemoryDriver implements GraphDriver {
  readonly capabilities: BackendCapabilities = IN_MEMORY_CAPABILITIES
  readonly reader: GraphReader
  readonly store: object = this
  readonly #queue = new WriteQueue()
  readonly #keptVersions: number | undefined
  #store: GraphStore
  #committedHealth: DriverHealth

  /** With so many earlier versions of each memory; default is 20. */
  constructor(keptVersions?: number) {
    this.#keptVersions = keptVersions
    this.#store = new GraphStore(keptVersions)
    this.#committedHealth = healthOf(this.#store)
    this.reader = new InMemoryReader(
      () => this.#store,
      (look) => this.#queue.run(look),
    )
  }

  describe(): DriverDescription {
    return IN_MEMORY_DESCRIPTION
  }

  async connect(): Promise<boolean> {
    return true
  }

  async initializeSchema({ signal, onProgress }: BulkOptions): Promise<void> {
    throwIfAborted(signal)
    onProgress?.({ done: 0, total: 0, phase: 'indexing' })
  }

  async disconnect(): Promise<void> {
    await this.#queue.run(async () => {
      this.#store = new GraphStore(this.#keptVersions)
      this.#committedHealth = healthOf(this.#store)
    })
  }

  async write<Result>(work: (writer: GraphWriter) => Promise<Result>): Promise<Result> {
    return this.#queue.run(async () => {
      const store = this.#store
      const edits = new AtomicEdits(store)
      try {
        const result = await work(new InMemoryWriter(store, edits))
        edits.commit()
        this.#committedHealth = healthOf(store)
        return result
      } catch (error) {
        edits.rollBack()
        throw error
      }
    })
  }

  async query(_statement: string, _parameters: QueryParameters, _write: boolean): Promise<Row[]> {
    throw new NotSupportedError(
      'The memory backend has no query language: use the methods of GraphBackend, or a Turso backend for SQL',
    )
  }

  /** Does not wait for a running write, since the work of that write may be what asks. */
  async health(): Promise<DriverHealth> {
    return { ...this.#committedHealth, warnings: [...this.#committedHealth.warnings] }
  }
}
