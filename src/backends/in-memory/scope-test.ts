import { type Scope, type ScopeValues, scopeValuesOf } from '../../model/scope.js'
import type { GraphStore, StoredNode } from './graph-store.js'

/** What nodes say of themselves, read when they are first asked about. A node that is written anew is another one. */
const known = new WeakMap<StoredNode, ScopeValues>()

/** A test whether nodes are inside a scope; `null` where all are. */
export function scopeTest(store: GraphStore, scope: Scope): ((id: string) => boolean) | null {
  if (scope.length === 0) return null
  return (id) => {
    const node = store.node(id)
    if (!node) return false
    const values = valuesOf(node)
    return scope.every(({ property, value }) => values[property] === value)
  }
}

function valuesOf(node: StoredNode): ScopeValues {
  const before = known.get(node)
  if (before) return before
  const values = scopeValuesOf(node.row.properties)
  known.set(node, values)
  return values
}
