import { MemoryError } from '../errors.js'
import type { GraphWriter } from './graph-driver.js'
import type { Logger } from './logger.js'

/** How long something waits to be written, in milliseconds. */
const PERIOD_MS = 1000
/** How much of a kind is written at a time; where as much waits, it waits no longer. */
const BATCH_SIZE = 1000

/** Some of what was gathered. */
export interface Gathered {
  readonly size: number
  /** Writes it. May be called again, where a first attempt was undone. */
  write(writer: GraphWriter): Promise<void>
  /** Lets it wait again, before everything that has been gathered since. */
  putBack(): void
}

/** What is noted in memory, to be written with others of its kind. */
export interface Gathering {
  /** What it is called, in the plural. */
  readonly what: string
  readonly size: number
  /** Takes what has waited longest, at most so many. */
  take(limit: number): Gathered
  /** Drops some of what has waited longest if too much waits; returns how many. */
  trim(): number
}

/**
 * Writes what reads leave to be noted, later and many together: within a second, or when there is enough for a batch. What cannot be
 * written waits for the next time. Nothing here ever rejects; a process may end without it.
 */
export class DeferredWrites {
  readonly #gatherings: readonly Gathering[]
  readonly #write: (work: (writer: GraphWriter) => Promise<void>) => Promise<void>
  readonly #logger: Logger | undefined
  #timer: NodeJS.Timeout | undefined
  #running: Promise<void> | null = null
  #failure: unknown = null
  #isOff = false

  constructor(
    gatherings: readonly Gathering[],
    write: (work: (writer: GraphWriter) => Promise<void>) => Promise<void>,
    logger: Logger | undefined,
  ) {
    this.#gatherings = gatherings
    this.#write = write
    this.#logger = logger
  }

  /** Whether there is no use in gathering, since the store takes no writes. */
  get isOff(): boolean {
    return this.#isOff
  }

  /** Is told whenever something was gathered. */
  noted(): void {
    for (const gathering of this.#gatherings) {
      const dropped = gathering.trim()
      if (dropped > 0) this.#warn(`Dropped the oldest ${dropped} ${gathering.what}: too many wait`)
    }
    if (this.#running || !this.#waits) return
    const isDue = this.#gatherings.some(({ size }) => size >= BATCH_SIZE)
    if (isDue && this.#failure === null) void this.#run()
    else this.#timer ??= setTimeout(() => void this.#run(), PERIOD_MS).unref()
  }

  /** Writes what waits now. */
  async flush(): Promise<void> {
    await this.#running
    await this.#run()
  }

  /** Writes what waits, and says what could not be written and is lost. */
  async end(): Promise<void> {
    await this.flush()
    clearTimeout(this.#timer)
    this.#timer = undefined
    for (const gathering of this.#gatherings) {
      const { size } = gathering.take(gathering.size)
      if (size > 0) this.#warn(`Lost ${gathering.what}: ${size} (${messageOf(this.#failure)})`)
    }
    this.#failure = null
    this.#isOff = false
  }

  #run(): Promise<void> {
    this.#running ??= this.#writeAll().finally(() => {
      this.#running = null
      this.noted()
    })
    return this.#running
  }

  async #writeAll(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    while (this.#waits) {
      const batch = this.#gatherings.map((gathering) => gathering.take(BATCH_SIZE))
      try {
        await this.#write(async (writer) => {
          for (const gathered of batch) await gathered.write(writer)
        })
        this.#failure = null
      } catch (error) {
        for (const gathered of batch) gathered.putBack()
        return this.#failed(error)
      }
    }
  }

  #failed(error: unknown): void {
    const names = this.#gatherings.map(({ what }) => what).join(' and ')
    if (MemoryError.is(error) && error.code === 'MG_READ_ONLY') {
      this.#isOff = true
      for (const gathering of this.#gatherings) gathering.take(gathering.size)
      this.#warn(`What is read leaves no ${names}: ${messageOf(error)}`)
    } else if (this.#failure === null) {
      this.#warn(`What waits to be written (${names}) goes on waiting: ${messageOf(error)}`)
    }
    this.#failure = error
  }

  get #waits(): boolean {
    return this.#gatherings.some(({ size }) => size > 0)
  }

  #warn(message: string): void {
    this.#logger?.warn(message)
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
