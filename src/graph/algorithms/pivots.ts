import { seededRandom } from './seeded-random.js'

/** So many different nodes, chosen by a seed, or all, where there are no more or `samples` is `null`; ascending. */
export function pivotsOf(order: number, samples: number | null, seed: number): Int32Array {
  const nodes = Int32Array.from({ length: order }, (_, node) => node)
  if (samples === null || samples >= order) return nodes
  const random = seededRandom(seed)
  for (let place = 0; place < samples; place++) {
    const other = place + Math.floor(random() * (order - place))
    const node = nodes[other] as number
    nodes[other] = nodes[place] as number
    nodes[place] = node
  }
  return nodes.slice(0, samples).sort()
}
