/** What a walk comes to: a node, how many steps it is away, and the edge and the node it came by, -1 for the start. */
export type WalkStep = {
  readonly node: number
  readonly depth: number
  readonly edge: number
  readonly from: number
}

/** A walk, which is told of each node whether it goes on behind it. */
export type Walk = Generator<WalkStep, void, 'prune' | undefined>
