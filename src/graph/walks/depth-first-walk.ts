import type { Steps } from '../snapshot/steps.js'
import type { Walk } from './walk-step.js'

/** Comes to each node that can be reached from one, going on from each before its next neighbour by number. */
export function* depthFirstWalk({ starts, far, edge }: Steps, start: number): Walk {
  const isMet = new Uint8Array(starts.length - 1)
  isMet[start] = 1
  if ((yield { node: start, depth: 0, edge: -1, from: -1 }) === 'prune') return
  const path = [start]
  const next = [starts[start] as number]
  while (path.length > 0) {
    const from = path.at(-1) as number
    const step = next.at(-1) as number
    if (step === starts[from + 1]) {
      path.pop()
      next.pop()
      continue
    }
    next[next.length - 1] = step + 1
    const node = far[step] as number
    if (isMet[node] === 1) continue
    isMet[node] = 1
    const told = yield { node, depth: path.length, edge: edge[step] as number, from }
    if (told === 'prune') continue
    path.push(node)
    next.push(starts[node] as number)
  }
}
