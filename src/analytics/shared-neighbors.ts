import type { GraphRunOptions, ReadonlyGraph } from '../graph/graph-view.js'
import { sortInTurns } from '../graph/turns/sort-in-turns.js'
import { MEMORY_LABEL } from '../model/node.js'
import { compareText } from '../model/text-order.js'
import { eachInTurn } from './each-in-turn.js'
import { idOf, neighborKeysOf } from './node-keys.js'

/** A memory that has neighbours in common with another, which it is not joined to. */
export type NeighborOfNeighbors = {
  readonly id: string
  /** The sum over the shared neighbours of 1 ÷ the logarithm of how many neighbours each has. */
  readonly adamicAdar: number
  /** Neighbours of both, ascending. */
  readonly shared: readonly string[]
}

/**
 * The memories two steps from a node, by the neighbours that both have, of which those with few neighbours say more; then by id. Adamic
 * and Adar, "Friends and neighbors on the Web" (2003).
 */
export async function neighborsOfNeighbors(
  graph: ReadonlyGraph,
  key: string,
  run: GraphRunOptions,
): Promise<NeighborOfNeighbors[]> {
  const joined = new Set([key, ...neighborKeysOf(graph, key)])
  const found = new Map<string, { adamicAdar: number; shared: string[] }>()
  for await (const shared of eachInTurn(joined, 'comparing neighbours', joined.size, run)) {
    if (shared === key) continue
    const beyond = neighborKeysOf(graph, shared)
    for (const other of beyond) {
      if (joined.has(other) || graph.getNodeAttribute(other, 'label') !== MEMORY_LABEL) continue
      const one = found.get(other) ?? { adamicAdar: 0, shared: [] }
      one.adamicAdar += 1 / Math.log(beyond.length)
      one.shared.push(idOf(graph, shared))
      found.set(other, one)
    }
  }
  const near: NeighborOfNeighbors[] = []
  for await (const [other, one] of eachInTurn(found, 'comparing neighbours', found.size, run))
    near.push({ id: idOf(graph, other), adamicAdar: one.adamicAdar, shared: one.shared.sort(compareText) })
  return sortInTurns(near, (a, b) => b.adamicAdar - a.adamicAdar || compareText(a.id, b.id), run)
}
