import { breathe } from '../../breathe.js'
import type { GraphEdgeRow, GraphNodeRow } from '../../graph/graph-rows.js'
import type { Projection } from '../../graph/projection/projection.js'
import type { Change } from '../graph-backend.js'
import type { GraphReader } from '../graph-driver.js'
import { NODES_AT_A_TIME } from './grow-graph.js'
import { isSameChange } from './is-same-change.js'
import { edgesById, inParts, nodesById } from './rows-by-id.js'

/** What is read of a store: what a view may see, and the changes of all of it. */
export type ProjectedStore = { readonly seen: GraphReader; readonly whole: GraphReader }

/** Changes that are read at a time. */
const CHANGES_AT_A_TIME = 1_000
/** When more than this many changes, and this share of what is held, have come, all is read anew. */
const FEW_CHANGES = 10_000
const MOST_CHANGED = 0.25

/** Which nodes and relationships were written since a change, and the newest change there is. */
type Written = { readonly nodes: Set<string>; readonly edges: Set<string>; readonly latest: Change | null }

/**
 * Brings a projection from the state after one change to the present one, by what was written since: whoever wrote it. Resolves to the
 * newest change then; `undefined` where it cannot be done, since changes are no longer kept, are too many, or are not those of the store
 * that it was read from.
 *
 * What is read while others write is of several moments, so that a node which left a scope and came back in between is there without its
 * relationships: `isOfOneMoment` is false of a projection that may be like that.
 */
export async function followChanges(
  projection: Projection,
  last: Change | null,
  store: ProjectedStore,
  isOfOneMoment = true,
): Promise<Change | null | undefined> {
  let isExact = isOfOneMoment
  for (let known = last; ; isExact = false) {
    const latest = await store.whole.getLatestChange()
    if (isSameChange(latest, known)) return known
    const written = await writtenSince(known, projection, store.whole)
    if (written === undefined) return undefined
    const nodes = await nodesById(store.seen, [...written.nodes])
    const edges = await edgesById(store.seen, [...written.edges])
    const appeared = nodes.filter(({ id }) => !isExact || !projection.hasNode(id))
    const atThem = await edgesOfAppeared(appeared, store)
    apply(projection, written, nodes, [...edges, ...atThem])
    known = written.latest
  }
}

/** A node that comes into a scope, or may have been away, brings relationships that nobody wrote. */
async function edgesOfAppeared(
  appeared: readonly GraphNodeRow[],
  { seen, whole }: ProjectedStore,
): Promise<GraphEdgeRow[]> {
  if (seen === whole) return []
  const level = { direction: 'both', types: [], currentOnly: false } as const
  const ids = appeared.map(({ id }) => id)
  return inParts(ids, NODES_AT_A_TIME, (part) => seen.getGraphEdges(part, level))
}

function apply(
  projection: Projection,
  written: Written,
  nodes: readonly GraphNodeRow[],
  edges: readonly GraphEdgeRow[],
): void {
  const gone = { nodes: new Set(written.nodes), edges: new Set(written.edges) }
  for (const row of nodes) {
    projection.setNode(row)
    gone.nodes.delete(row.id)
  }
  for (const row of edges) {
    projection.setEdge(row)
    gone.edges.delete(row.id)
  }
  for (const id of gone.edges) projection.dropEdge(id)
  for (const id of gone.nodes) projection.dropNode(id)
}

/** Reads the last known change again with those after it: where it is another one, the store is another one. */
async function writtenSince(
  last: Change | null,
  projection: Projection,
  whole: GraphReader,
): Promise<Written | undefined> {
  const written: Written = { nodes: new Set(), edges: new Set(), latest: last }
  const most = Math.max(FEW_CHANGES, MOST_CHANGED * (projection.nodeCount + projection.edgeCount))
  let latest = last
  for (let after = last === null ? 0 : last.seq - 1; ; ) {
    await breathe()
    const { changes, oldest } = await whole.getChanges(after, CHANGES_AT_A_TIME)
    const isFirst = latest === last
    if (isFirst && last !== null && !isSameChange(changes[0] ?? null, last)) return undefined
    if (isFirst && last === null && oldest > 1) return undefined
    for (const { kind, id } of changes) (kind === 'node' ? written.nodes : written.edges).add(id)
    latest = changes.at(-1) ?? latest
    if (written.nodes.size + written.edges.size > most) return undefined
    if (changes.length < CHANGES_AT_A_TIME) return { ...written, latest }
    after = (latest as Change).seq
  }
}
