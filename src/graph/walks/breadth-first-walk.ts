import type { Steps } from '../snapshot/steps.js'
import { ascending } from './ascending.js'
import type { Walk } from './walk-step.js'

/** Comes to each node that can be reached from one, the nearest first, then by number of the node before and its own. */
export function* breadthFirstWalk({ starts, far, edge }: Steps, start: number): Walk {
  const order = starts.length - 1
  const isMet = new Uint8Array(order)
  isMet[start] = 1
  if ((yield { node: start, depth: 0, edge: -1, from: -1 }) === 'prune') return
  let level: Int32Array = Int32Array.of(start)
  for (let depth = 1; level.length > 0; depth++) {
    const next: number[] = []
    for (const from of level) {
      const end = starts[from + 1] as number
      for (let step = starts[from] as number; step < end; step++) {
        const node = far[step] as number
        if (isMet[node] === 1) continue
        isMet[node] = 1
        if ((yield { node, depth, edge: edge[step] as number, from }) !== 'prune') next.push(node)
      }
    }
    level = ascending(next, order)
  }
}
