import type { CompleteTextBoosts } from '../../model/text-boosts.js'
import { substringFinder } from '../../search/case-forms.js'
import type { MemoryFacets } from './memory-facets.js'

/** The relevance, by id, of the memories that hold a text anywhere: by the fields it is in, and by how few hold it. */
export function unspacedHits(
  memories: ReadonlyMap<string, MemoryFacets>,
  text: string,
  boosts: CompleteTextBoosts,
): Map<string, number> {
  const finds = substringFinder(text)
  const found = new Map<string, number>()
  for (const [id, { title, summary, tags, content }] of memories) {
    const weights = [
      ...(finds(title) ? [boosts.title] : []),
      ...(finds(summary) ? [boosts.summary] : []),
      ...(finds(tags.join(' ')) ? [boosts.tags] : []),
      ...(finds(content) ? [boosts.content] : []),
    ]
    const sum = (a: number, b: number): number => a + b
    if (weights.length > 0) found.set(id, weights.reduce(sum))
  }
  const rarity = Math.log(1 + (memories.size - found.size + 0.5) / (found.size + 0.5))
  for (const [id, weight] of found) found.set(id, weight * rarity)
  return found
}
