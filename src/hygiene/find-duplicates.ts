import type { GraphBackend, MemoryFilter } from '../backends/graph-backend.js'
import { breathe } from '../breathe.js'
import { duplicatesOptionsSchema } from '../model/hygiene-options.js'
import { compareText } from '../model/text-order.js'
import { validate } from '../model/validation.js'
import { bandsOf, type Shingled, similarityOf, sketchOf } from './text-sketch.js'

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

/** Texts compared before others get their turn, if it is time. */
const COMPARED_AT_A_TIME = 64

/**
 * Groups of memories whose titles and contents have the same words, or nearly: those alike by at least `threshold`, directly or
 * through others of the group. Largest groups first, then by their first ids. Pairs are found by sketches, so one that is barely
 * alike enough may be missed; none is reported that is not. Holds four bytes for each word, and one or
 * two kilobytes for each memory.
 *
 * @throws `MG_VALIDATION` an option is unknown, or the threshold not in range
 */
export async function findDuplicates(
  backend: Pick<GraphBackend, 'listMemories'>,
  options: FindDuplicatesOptions = {},
): Promise<DuplicateGroup[]> {
  const { threshold } = validate(duplicatesOptionsSchema, options, 'duplicates options')
  const ids: string[] = []
  const texts: Shingled[] = []
  /** For each place in the bands, who has a key there: one memory, or several. */
  const holders: Map<number, number | number[]>[] = []
  const groups = new Groups()
  for await (const { id, title, content } of backend.listMemories(options.filter)) {
    await breathe()
    const sketch = sketchOf(`${title}\n${content}`)
    const own = ids.push(id) - 1
    const compared = new Set<number>()
    for (const [place, band] of bandsOf(sketch, threshold).entries()) {
      holders[place] ??= new Map()
      const held = holders[place].get(band)
      const others = typeof held === 'number' ? [held] : (held ?? [])
      for (const other of others) {
        if (compared.has(other)) continue
        compared.add(other)
        if (compared.size % COMPARED_AT_A_TIME === 0) await breathe()
        const similarity = similarityOf(sketch, texts[other] as Shingled)
        if (similarity >= threshold) groups.join(id, ids[other] as string, similarity)
      }
      // One of a group stands for the others, so that a thousand copies are not compared with each other.
      if (others.some((other) => groups.areSame(id, ids[other] as string))) continue
      if (typeof held === 'object') held.push(own)
      else holders[place].set(band, held === undefined ? own : [held, own])
    }
    texts.push({ shingles: sketch.shingles })
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
