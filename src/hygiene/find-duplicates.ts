import { breathe } from '../backends/breathe.js'
import type { GraphBackend, MemoryFilter } from '../backends/graph-backend.js'
import { duplicatesOptionsSchema } from '../model/hygiene-options.js'
import { compareText } from '../model/text-order.js'
import { validate } from '../model/validation.js'
import { bandsOf, similarityOf, sketchOf, type TextSketch } from './text-sketch.js'

/** Options of {@link findDuplicates}. */
export type FindDuplicatesOptions = {
  /** How much of their words two memories share, above 0 up to 1. Default is 0.9. */
  readonly threshold?: number | undefined
  /** Only among memories that pass this filter. */
  readonly filter?: MemoryFilter | undefined
}

/** Memories that say the same, or nearly. */
export type DuplicateGroup = {
  /** At least two, in order. */
  ids: string[]
  /** Of the least alike pair that brought them together: 1 where all have the same words. */
  similarity: number
}

/**
 * Groups of memories whose titles and contents have the same words, or nearly: those alike by at least `threshold`, directly or
 * through others of the group. Largest groups first, then by their first ids. Pairs are found by sketches, so one that is barely
 * alike enough may be missed; none is reported that is not. Holds four bytes for each word, and some hundred for each memory.
 *
 * @throws `MG_VALIDATION` an option is unknown, or the threshold not in range
 */
export async function findDuplicates(
  backend: Pick<GraphBackend, 'listMemories'>,
  options: FindDuplicatesOptions = {},
): Promise<DuplicateGroup[]> {
  const { threshold } = validate(duplicatesOptionsSchema, options, 'duplicates options')
  const sketches = new Map<string, TextSketch>()
  const idsByBand = new Map<string, string[]>()
  const groups = new Groups()
  for await (const { id, title, content } of backend.listMemories(options.filter)) {
    await breathe()
    const sketch = sketchOf(`${title}\n${content}`)
    const compared = new Set<string>()
    for (const band of bandsOf(sketch, threshold)) {
      const others = idsByBand.get(band)
      if (!others) {
        idsByBand.set(band, [id])
        continue
      }
      for (const other of others) {
        if (compared.has(other)) continue
        compared.add(other)
        const similarity = similarityOf(sketch, sketches.get(other) as TextSketch)
        if (similarity >= threshold) groups.join(id, other, similarity)
      }
      // One of a group stands for the others, so that a thousand copies are not compared with each other.
      if (!others.some((other) => groups.areSame(id, other))) others.push(id)
    }
    sketches.set(id, sketch)
  }
  return groups.all()
}

/** Sets of ids that grow together. */
class Groups {
  readonly #groupOf = new Map<string, DuplicateGroup>()

  join(one: string, other: string, similarity: number): void {
    const a = this.#groupOf.get(one) ?? { ids: [one], similarity: 1 }
    const b = this.#groupOf.get(other) ?? { ids: [other], similarity: 1 }
    const joined: DuplicateGroup =
      a === b
        ? a
        : { ids: [...a.ids, ...b.ids], similarity: Math.min(a.similarity, b.similarity, similarity) }
    for (const id of joined.ids) this.#groupOf.set(id, joined)
  }

  areSame(one: string, other: string): boolean {
    const group = this.#groupOf.get(one)
    return group !== undefined && group === this.#groupOf.get(other)
  }

  all(): DuplicateGroup[] {
    const groups = [...new Set(this.#groupOf.values())]
    for (const { ids } of groups) ids.sort(compareText)
    return groups.sort((a, b) => b.ids.length - a.ids.length || compareText(a.ids[0] ?? '', b.ids[0] ?? ''))
  }
}
