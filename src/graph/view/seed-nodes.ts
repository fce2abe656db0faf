import { MemoryNotFoundError } from '../../errors.js'
import type { GraphSnapshot } from '../snapshot/graph-snapshot.js'
import { inTurns } from '../turns/in-turns.js'
import type { TurnWatch } from '../turns/turns.js'

/**
 * The nodes that walks begin at, without those whose weight is 0, and their weights.
 *
 * @throws `MG_NOT_FOUND` an id is not in the snapshot
 */
export async function seedNodes(
  snapshot: GraphSnapshot,
  seeds: readonly (readonly [id: string, weight: number])[],
  { signal }: TurnWatch,
): Promise<{ nodes: Int32Array; weights: Float64Array }> {
  const nodes: number[] = []
  const weights: number[] = []
  const unknown: string[] = []
  await inTurns(
    seeds.length,
    (at) => {
      const [id, weight] = seeds[at] as readonly [string, number]
      const node = snapshot.numberOf(id)
      if (node === undefined) unknown.push(id)
      else if (weight > 0) {
        nodes.push(node)
        weights.push(weight)
      }
    },
    { signal },
  )
  if (unknown.length === 0) return { nodes: Int32Array.from(nodes), weights: Float64Array.from(weights) }
  const more = unknown.length > 1 ? ` and ${unknown.length - 1} more` : ''
  throw new MemoryNotFoundError(
    `Cannot rank from ${JSON.stringify(unknown[0])}${more}: not in this graph: leave out what is not there`,
    { details: { ids: unknown } },
  )
}
