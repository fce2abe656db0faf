import { MEMORY_LABEL } from '../../model/node.js'
import type { Scope } from '../../model/scope.js'
import type { NodeRow, UnembeddedPage } from '../graph-driver.js'
import type { GraphStore } from './graph-store.js'
import { scopeTest } from './scope-test.js'

/** A page of the readable memories that have no current embedding of a model, by id. */
export function unembeddedPage(
  store: GraphStore,
  { model, within, afterId, limit }: UnembeddedPage,
): NodeRow[] {
  const rows: NodeRow[] = []
  for (const id of unembeddedIds(store, model, within, afterId)) {
    if (rows.length >= limit) break
    const row = store.nodeRow(id)
    if (row) rows.push(row)
  }
  return rows
}

/** How many there are. */
export function countUnembedded(store: GraphStore, model: string, within: Scope): number {
  let count = 0
  for (const _id of unembeddedIds(store, model, within, null)) count++
  return count
}

function* unembeddedIds(
  store: GraphStore,
  model: string,
  within: Scope,
  afterId: string | null,
): Generator<string, void, undefined> {
  const isInside = scopeTest(store, within)
  for (const id of store.idsOf(MEMORY_LABEL).after(afterId))
    if (store.facets.has(id) && (!isInside || isInside(id)) && !isEmbedded(store, id, model)) yield id
}

/** Whether a memory has a vector that the caller keeps, or one of its present version. */
function isEmbedded(store: GraphStore, id: string, model: string): boolean {
  const row = store.embeddings.get(id, model)
  return row !== undefined && (row.version === null || row.version === (store.versions.get(id)?.version ?? 1))
}
