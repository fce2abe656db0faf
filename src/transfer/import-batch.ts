import { BATCH_SIZE, type ImportRun, type ImportTarget } from './import-run.js'

/** Records of an import that are stored in one write: few enough to be held in memory, no two of the same key. */
export class ImportBatch<Candidate> {
  readonly #run: ImportRun
  readonly #store: (target: ImportTarget, candidates: readonly Candidate[]) => Promise<void>
  readonly #greatestSize: number
  #candidates = new Map<string, Candidate>()
  #size = 0
  #taken = 0

  /** @param greatestSize of all candidates that are held, in the unit that they are put with */
  constructor(
    run: ImportRun,
    store: (target: ImportTarget, candidates: readonly Candidate[]) => Promise<void>,
    greatestSize: number = Number.POSITIVE_INFINITY,
  ) {
    this.#run = run
    this.#store = store
    this.#greatestSize = greatestSize
  }

  /** Takes a candidate; it is stored with others, at the latest by {@link ImportBatch.flush}. */
  async put(key: string, candidate: Candidate, size = 0): Promise<void> {
    if (this.#candidates.has(key)) await this.flush()
    this.#candidates.set(key, candidate)
    this.#size += size
  }

  /** Counts a record as dealt with when the batch is stored, whether or not it became a candidate. */
  async count(): Promise<void> {
    this.#taken++
    await this.flushIfFull()
  }

  /** Stores what has been taken, where it is much. */
  async flushIfFull(): Promise<void> {
    const records = Math.max(this.#taken, this.#candidates.size)
    if (records >= BATCH_SIZE || this.#size >= this.#greatestSize) await this.flush()
  }

  /** Stores what has been taken. */
  async flush(): Promise<void> {
    const candidates = [...this.#candidates.values()]
    const taken = this.#taken
    this.#candidates = new Map()
    this.#size = 0
    this.#taken = 0
    if (candidates.length > 0) await this.#run.inWrite((target) => this.#store(target, candidates))
    this.#run.advance(taken)
  }
}
