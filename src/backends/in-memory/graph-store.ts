import { MultiDirectedGraph } from 'graphology'
import { decodeJson } from '../../model/json-text.js'
import { DEFAULT_STRENGTH } from '../../model/relationship.js'
import type { RelationshipRow } from '../../model/relationship-row.js'
import type { Change } from '../graph-backend.js'
import type { AuditRow, NodeRow } from '../graph-driver.js'
import { EmbeddingTable } from './embedding-table.js'
import { facetsOf, type MemoryFacets } from './memory-facets.js'
import { NumberedLog } from './numbered-log.js'
import { SessionOrder } from './session-order.js'
import { SortedIds } from './sorted-ids.js'
import { TextIndex } from './text-index.js'
import type { Versions } from './version-log.js'

/** Versions of each memory that are kept unless told otherwise. */
export const DEFAULT_KEPT_VERSIONS = 20

/** A node as the graph holds it: the row, and its facets if it is a readable memory. */
export type StoredNode = { readonly row: NodeRow; readonly facets: MemoryFacets | null }

/** A relationship as the graph holds it. */
export type StoredRelationship = {
  readonly row: RelationshipRow
  readonly strength: number
  readonly context: string | null
}

/**
 * The key of a node in the graph. graphology keeps neighbours in plain objects, where an id such as `constructor` or
 * `__proto__` as the key would meet what every object inherits.
 */
export function keyOf(nodeId: string): string {
  return `#${nodeId}`
}

/** All that is stored, and the indexes over it, which `setNode` and `setRelationship` keep in step. */
export class GraphStore {
  readonly graph: MultiDirectedGraph<StoredNode, StoredRelationship> = new MultiDirectedGraph()
  /** Of readable memories. */
  readonly facets: Map<string, MemoryFacets> = new Map()
  readonly relationshipIds: SortedIds = new SortedIds()
  readonly text: TextIndex = new TextIndex()
  readonly sessions: SessionOrder = new SessionOrder()
  readonly changes: NumberedLog<Omit<Change, 'seq'>> = new NumberedLog()
  readonly audit: NumberedLog<AuditRow> = new NumberedLog()
  /** Of memories that were revised. */
  readonly versions: Map<string, Versions> = new Map()
  readonly embeddings: EmbeddingTable = new EmbeddingTable()
  /** The model whose vectors recalls look among. */
  recallModel: string | null = null
  /** Versions of each memory that are kept. */
  readonly keptVersions: number
  readonly #ids = new SortedIds()
  readonly #idsByLabel = new Map<string, SortedIds>()
  readonly #idsByInvalidator = new Map<string, Set<string>>()
  #memoriesOutsideLimits = 0

  constructor(keptVersions: number = DEFAULT_KEPT_VERSIONS) {
    this.keptVersions = keptVersions
  }

  node(id: string): StoredNode | undefined {
    const key = keyOf(id)
    return this.graph.hasNode(key) ? this.graph.getNodeAttributes(key) : undefined
  }

  relationship(id: string): StoredRelationship | undefined {
    return this.graph.hasEdge(id) ? this.graph.getEdgeAttributes(id) : undefined
  }

  /** A copy of the row of a node. */
  nodeRow(id: string): NodeRow | undefined {
    const row = this.node(id)?.row
    const version = this.versions.get(id)?.version
    return row && { ...row, ...(version !== undefined && { version }) }
  }

  /** How many readable memories this library would not have stored. */
  get memoriesOutsideLimits(): number {
    return this.#memoriesOutsideLimits
  }

  /** Ids of the nodes with a label, or of all. */
  idsOf(label: string | null): SortedIds {
    return label === null ? this.#ids : (this.#idsByLabel.get(label) ?? new SortedIds())
  }

  /** Ids of the relationships whose `invalidated_by` is this one. */
  idsInvalidatedBy(relationshipId: string): string[] {
    return [...(this.#idsByInvalidator.get(relationshipId) ?? [])]
  }

  /** Puts a node in place of what has its id, or nothing; no relationship may be at a node that goes. Returns what was there. */
  setNode(id: string, after: StoredNode | undefined): StoredNode | undefined {
    const before = this.node(id)
    const key = keyOf(id)
    if (!after) this.graph.dropNode(key)
    else if (before) this.graph.replaceNodeAttributes(key, after)
    else this.graph.addNode(key, after)
    if (!after) this.#ids.delete(id)
    else if (!before) this.#ids.add(id)
    this.#setLabel(id, before?.row.label, after?.row.label)
    this.#setFacets(id, before?.facets ?? null, after?.facets ?? null)
    return before
  }

  /** Puts a relationship, both of whose ends exist, in place of the one with its id, or nothing. Returns what was there. */
  setRelationship(id: string, after: StoredRelationship | undefined): StoredRelationship | undefined {
    const before = this.relationship(id)
    const isMoved = after?.row.from_id !== before?.row.from_id || after?.row.to_id !== before?.row.to_id
    if (before && isMoved) this.graph.dropEdge(id)
    if (after && isMoved)
      this.graph.addDirectedEdgeWithKey(id, keyOf(after.row.from_id), keyOf(after.row.to_id), after)
    else if (after) this.graph.replaceEdgeAttributes(id, after)
    if (!after) this.relationshipIds.delete(id)
    else if (!before) this.relationshipIds.add(id)
    this.#setInvalidator(id, before?.row.invalidated_by ?? null, after?.row.invalidated_by ?? null)
    return before
  }

  #setLabel(id: string, before: string | undefined, after: string | undefined): void {
    if (before === after) return
    if (before !== undefined) this.#idsByLabel.get(before)?.delete(id)
    if (after === undefined) return
    const ids = this.#idsByLabel.get(after) ?? new SortedIds()
    this.#idsByLabel.set(after, ids)
    ids.add(id)
  }

  #setFacets(id: string, before: MemoryFacets | null, after: MemoryFacets | null): void {
    if (after) this.facets.set(id, after)
    else this.facets.delete(id)
    if (!isSameText(before, after)) this.text.set(id, after)
    this.sessions.set(id, before, after)
    this.#memoriesOutsideLimits +=
      Number(after?.isOutsideLimits ?? false) - Number(before?.isOutsideLimits ?? false)
  }

  #setInvalidator(id: string, before: string | null, after: string | null): void {
    if (before === after) return
    if (before !== null) {
      const ids = this.#idsByInvalidator.get(before)
      if (ids?.delete(id) && ids.size === 0) this.#idsByInvalidator.delete(before)
    }
    if (after === null) return
    const ids = this.#idsByInvalidator.get(after) ?? new Set()
    this.#idsByInvalidator.set(after, ids.add(id))
  }
}

/** A row as the store takes it. Later changes of the argument do not reach it. */
export function storedNode({ id, label, properties }: NodeRow): StoredNode {
  const row = { id, label, properties }
  return { row, facets: facetsOf(row) }
}

/** A row as the store takes it. Later changes of the argument do not reach it. */
export function storedRelationship(row: RelationshipRow): StoredRelationship {
  const { strength, context } = propertiesOf(row)
  return {
    row: { ...row },
    strength: typeof strength === 'number' ? strength : DEFAULT_STRENGTH,
    context: typeof context === 'string' ? context || null : context ? JSON.stringify(context) : null,
  }
}

function propertiesOf(row: RelationshipRow): { readonly strength?: unknown; readonly context?: unknown } {
  try {
    const properties = decodeJson(row.properties)
    return typeof properties === 'object' && properties !== null ? properties : {}
  } catch {
    return {} // what is wrong with the row is said when the relationship itself is read
  }
}

function isSameText(a: MemoryFacets | null, b: MemoryFacets | null): boolean {
  const isSame = a?.title === b?.title && a?.summary === b?.summary && a?.content === b?.content
  return isSame && a?.tags.join(' ') === b?.tags.join(' ')
}
