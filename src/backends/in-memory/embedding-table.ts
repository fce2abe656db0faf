import type { EmbeddingRow } from '../graph-driver.js'

/** An embedding as the store holds it: the row, and the length of its vector. */
export type StoredEmbedding = EmbeddingRow & { readonly length: number }

/** The embeddings of all models. */
export class EmbeddingTable {
  /** By model, then by node. */
  readonly #models = new Map<string, Map<string, StoredEmbedding>>()

  get models(): Iterable<string> {
    return this.#models.keys()
  }

  /** Those of a node. */
  of(id: string): StoredEmbedding[] {
    return [...this.#models.values()].flatMap((rows) => rows.get(id) ?? [])
  }

  /** Those of a model. */
  ofModel(model: string): Iterable<StoredEmbedding> {
    return this.#models.get(model)?.values() ?? []
  }

  get(id: string, model: string): StoredEmbedding | undefined {
    return this.#models.get(model)?.get(id)
  }

  /** Puts an embedding in place of the one of its node and model, or nothing. Returns what was there. */
  set(id: string, model: string, after: EmbeddingRow | undefined): EmbeddingRow | undefined {
    const rows = this.#models.get(model) ?? new Map<string, StoredEmbedding>()
    const before = rows.get(id)
    if (after) {
      this.#models.set(model, rows)
      rows.set(id, { ...after, length: Math.sqrt(dotProduct(after.vector, after.vector)) })
    } else if (rows.delete(id) && rows.size === 0) this.#models.delete(model)
    return before
  }
}

/** The sum of the products of two vectors' components. */
export function dotProduct(one: Float32Array, other: Float32Array): number {
  let sum = 0
  for (let at = 0; at < one.length; at++) sum += (one[at] as number) * (other[at] as number)
  return sum
}
