import type { GraphTransaction } from '../backends/graph-backend.js'
import type { RelationshipProperties } from '../model/relationship.js'
import { now } from '../model/timestamp.js'
import { reinforced } from './relationship-strength.js'

/** A backend, or what a transaction gives. */
type Store = Pick<GraphTransaction, 'getRelationship' | 'updateRelationshipProperties'>

/**
 * Takes note that a relationship proved right, or wrong, in practice: strength, confidence, success rate and counters follow (see
 * {@link reinforced}), `last_validated` is now. Returns the properties, or `null` when there is no such relationship.
 *
 * What was read may be changed by others before it is written: give the `tx` of a transaction where that matters.
 */
export async function reinforceRelationship(
  store: Store,
  id: string,
  success: boolean,
): Promise<RelationshipProperties | null> {
  const relationship = await store.getRelationship(id)
  if (!relationship) return null
  const patch = { ...reinforced(relationship.properties, success), last_validated: now() }
  return (await store.updateRelationshipProperties(id, patch))
    ? { ...relationship.properties, ...patch }
    : null
}
