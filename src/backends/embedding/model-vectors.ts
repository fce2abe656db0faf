import { digestOf, embeddedTextOf } from '../../embedding/embedded-text.js'
import type { Embedder } from '../../embedding/embedder.js'
import { ConfigurationError, MemoryError } from '../../errors.js'
import { MEMORY_LABEL } from '../../model/node.js'
import type { EmbeddingRow, GraphDriver, GraphReader, GraphWriter, NodeRow } from '../graph-driver.js'
import { memoryOf } from '../memory-rows.js'

/** The text of a memory, and its digest. */
export type TextToEmbed = { readonly id: string; readonly text: string; readonly digest: string }
/** A vector, and the digest of the text it was made of. */
export type EmbeddedText = Omit<TextToEmbed, 'text'> & { readonly vector: Float32Array }

/** The vectors of one model: which memories lack a current one, and how one is stored. */
export class ModelVectors {
  readonly #store: GraphDriver
  readonly #model: string
  readonly #dimensions: number
  /** Whether it is known that vectors of these dimensions can be stored, and that recalls have a model. */
  #isSettled = false

  constructor(store: GraphDriver, { model, dimensions }: Pick<Embedder, 'model' | 'dimensions'>) {
    this.#store = store
    this.#model = model
    this.#dimensions = dimensions
  }

  /**
   * Memories without a current vector: those whose text is another, and those whose text is still the one that their vector was
   * made of, although they were revised. Vectors that a caller set are current.
   */
  async sort(
    reader: GraphReader,
    rows: readonly NodeRow[],
  ): Promise<{ moved: EmbeddedText[]; stale: TextToEmbed[] }> {
    const stored = await this.#stored(reader, rows)
    const moved: EmbeddedText[] = []
    const stale: TextToEmbed[] = []
    for (const row of rows) {
      const text = textOf(row)
      const before = stored.get(row.id)
      if (text === null || before?.version === null) continue
      const digest = digestOf(text)
      if (before?.digest !== digest) stale.push({ id: row.id, text, digest })
      else if (before.version !== versionOf(row)) moved.push({ id: row.id, digest, vector: before.vector })
    }
    return { moved, stale }
  }

  /** Stores vectors of those memories whose text is still the one they were made of; returns how many. */
  async store(texts: readonly EmbeddedText[]): Promise<number> {
    if (texts.length === 0) return 0
    const stored = await this.#store.write(async (writer) => {
      await this.#settle(writer)
      const byId = new Map(texts.map((text) => [text.id, text]))
      const rows = await writer.getNodes([...byId.keys()])
      const before = await this.#stored(writer, rows)
      const current = rows.flatMap((row): EmbeddingRow[] => {
        const text = textOf(row)
        const made = byId.get(row.id)
        if (text === null || made?.digest !== digestOf(text) || before.get(row.id)?.version === null)
          return []
        const { id, digest, vector } = made
        return [{ id, model: this.#model, vector, digest, version: versionOf(row) }]
      })
      await writer.putEmbeddings(current)
      return current.length
    })
    this.#isSettled = true
    return stored
  }

  async #stored(reader: GraphReader, rows: readonly NodeRow[]): Promise<Map<string, EmbeddingRow>> {
    const ids = rows.map(({ id }) => id)
    return new Map((await reader.getEmbeddings(ids, this.#model)).map((row) => [row.id, row]))
  }

  async #settle(writer: GraphWriter): Promise<void> {
    if (this.#isSettled) return
    const models = await writer.getEmbeddingModels([])
    const known = models.find(({ model }) => model === this.#model)
    if (known && known.dimensions !== this.#dimensions) throw otherDimensions(known, this.#dimensions)
    if ((await writer.getRecallModel()) === null) await writer.setRecallModel(this.#model)
  }
}

function versionOf({ version = 1 }: NodeRow): number {
  return version
}

/** The text of a memory; `null` for what is none, or cannot be read, which searches leave out too. */
function textOf(row: NodeRow): string | null {
  if (row.label !== MEMORY_LABEL) return null
  try {
    return embeddedTextOf(memoryOf(row))
  } catch (error) {
    if (MemoryError.is(error) && error.code === 'MG_CORRUPT') return null
    throw error
  }
}

function otherDimensions(
  { model, dimensions }: { readonly model: string; readonly dimensions: number },
  own: number,
): ConfigurationError {
  return new ConfigurationError(
    `The embedder "${model}" makes vectors of ${own} components, those that are stored have ${dimensions}: correct its dimensions, or give it another model name`,
    { details: { model, components: own, dimensions } },
  )
}
