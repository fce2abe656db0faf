import type { Steps } from '../snapshot/steps.js'

/**
 * Walks over graphs of one order, level by level. A walk takes the room of the last one, so that it costs what it meets, not what
 * there is.
 */
export class BreadthFirst {
  /** By node: how many steps it is from where the walk began; -1 where it has not been met. */
  readonly depthOf: Int32Array
  /** The nodes that have been met, level by level: the first `count` of these. */
  readonly met: Int32Array
  count = 0
  /** Where the last level begins in `met`, and how many steps it is away. */
  levelStart = 0
  depth = 0

  constructor(order: number) {
    this.depthOf = new Int32Array(order).fill(-1)
    this.met = new Int32Array(order)
  }

  begin(node: number): void {
    for (let at = 0; at < this.count; at++) this.depthOf[this.met[at] as number] = -1
    this.depthOf[node] = 0
    this.met[0] = node
    this.count = 1
    this.levelStart = 0
    this.depth = 0
  }

  /** Meets what is one step behind the last level, of the nodes `above` a number; returns whether there is any. */
  expand({ starts, far }: Pick<Steps, 'starts' | 'far'>, above = -1): boolean {
    const { depthOf, met } = this
    const levelEnd = this.count
    const depth = this.depth + 1
    let count = levelEnd
    for (let at = this.levelStart; at < levelEnd; at++) {
      const node = met[at] as number
      const end = starts[node + 1] as number
      for (let step = starts[node] as number; step < end; step++) {
        const next = far[step] as number
        if (depthOf[next] !== -1 || next <= above) continue
        depthOf[next] = depth
        met[count++] = next
      }
    }
    this.levelStart = levelEnd
    this.count = count
    this.depth = depth
    return count > levelEnd
  }
}
