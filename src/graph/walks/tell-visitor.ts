import { ValidationError } from '../../errors.js'
import type { GraphVisitor } from '../graph-view.js'
import type { GraphSnapshot } from '../snapshot/graph-snapshot.js'
import type { WalkStep } from './walk-step.js'

/**
 * Tells a visitor what a walk comes to; returns whether the walk goes on.
 *
 * @throws `MG_VALIDATION` the visitor returns a promise, which the walk would not wait for · what `visit` throws
 */
export function tellVisitor(
  visit: GraphVisitor,
  snapshot: GraphSnapshot,
  { node, depth, edge, from }: WalkStep,
): 'stop' | 'prune' | undefined {
  const told = visit({
    id: snapshot.nodeIds[node] as string,
    depth,
    relationship_id: edge === -1 ? null : snapshot.edgeId(edge),
    from: from === -1 ? null : (snapshot.nodeIds[from] as string),
  })
  if (told === 'stop' || told === 'prune') return told
  if (typeof (told as PromiseLike<unknown> | null | undefined)?.then === 'function') {
    throw new ValidationError(
      'Invalid visitor: it returned a promise, which a walk does not wait for: collect ids, and await what is to be done with them afterwards',
    )
  }
  return undefined
}
