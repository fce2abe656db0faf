import type { GraphReader, NodeRow } from '../graph-driver.js'
import type { EmbeddingPass, PassOptions } from './embedding-pass.js'

/** Memories read at a time: few enough that a hundred contents of the greatest size fit in memory. */
const PAGE_SIZE = 100

/** What a round works with. */
export type RoundSettings = PassOptions & {
  readonly reader: GraphReader
  readonly model: string
  readonly pass: EmbeddingPass
  /** Called after each page. */
  readonly onPage?: ((done: number) => void) | undefined
}

/** One go through memories that may lack a vector, page by page, until all are done or the embedder is given up for now. */
export class EmbeddingRound {
  readonly #settings: RoundSettings
  /** Ids of those that could not be embedded, and of those that were not tried any more. */
  readonly failed: string[] = []
  readonly left: string[] = []
  embedded = 0
  hasGivenUp = false
  error: unknown = null
  #done = 0

  constructor(settings: RoundSettings) {
    this.#settings = settings
  }

  /** Those of these memories that lack a vector get one. */
  async embedSome(ids: readonly string[]): Promise<void> {
    for (let start = 0; start < ids.length; start += PAGE_SIZE) {
      if (this.hasGivenUp) {
        this.left.push(...ids.slice(start))
        return
      }
      await this.#embed(await this.#settings.reader.getNodes(ids.slice(start, start + PAGE_SIZE)))
    }
  }

  /** All that lack a vector get one, but for some, and those it has tried; returns the ids of the former that lack one. */
  async embedAll(but: ReadonlySet<string>): Promise<string[]> {
    const { reader, model } = this.#settings
    const passedOver: string[] = []
    const tried = new Set(this.failed)
    for (let afterId: string | null = null; !this.hasGivenUp; ) {
      const rows: NodeRow[] = await reader.findUnembedded({ model, afterId, limit: PAGE_SIZE, within: [] })
      passedOver.push(...rows.filter(({ id }) => but.has(id)).map(({ id }) => id))
      await this.#embed(rows.filter(({ id }) => !but.has(id) && !tried.has(id)))
      afterId = rows.at(-1)?.id ?? null
      if (rows.length < PAGE_SIZE) break
    }
    return passedOver
  }

  /** Ends it for a reason that is not the embedder's. */
  stop(error: unknown): void {
    this.error = error
    this.hasGivenUp = true
  }

  async #embed(rows: readonly NodeRow[]): Promise<void> {
    const { reader, pass, signal, onPage } = this.#settings
    signal.throwIfAborted()
    const { embedded, failed, left, hasGivenUp, error } = await pass.embed(reader, rows, this.#settings)
    this.embedded += embedded
    this.failed.push(...failed)
    this.left.push(...left)
    this.error = error ?? this.error
    this.hasGivenUp = hasGivenUp
    this.#done += rows.length
    onPage?.(this.#done)
  }
}
