import type { CompactGraph } from './compact-graph.js'

/** What a view sees at one moment, which never changes: a graph in numbers, and what its numbers stand for. */
export interface GraphSnapshot {
  readonly graph: CompactGraph
  /** Ids of the nodes by number, ascending by their code points. */
  readonly nodeIds: readonly string[]
  /** Names of the relationship types by number. */
  readonly types: readonly string[]
  /** The number of a node; `undefined` where it is not in the graph. */
  numberOf(nodeId: string): number | undefined
  labelOf(node: number): string
  edgeId(edge: number): string
  /** Times as they are stored. */
  validFromOf(edge: number): string
  validUntilOf(edge: number): string | null
}
