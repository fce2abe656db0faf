/** A community: nodes that are joined more densely among each other than with the rest. */
export type MemoryCluster = {
  /** Its place among all communities, from 0: also that of `findBridgeMemories` with the same options. */
  community: number
  /** Ids of its nodes, ascending, also of those that are no memories. */
  node_ids: string[]
  size: number
  /** Pairs of its nodes that are joined, by pairs there are; 0 for a node by itself. */
  density: number
  /** Relationships both of whose ends are in it. */
  internal_relationships: number
  /** Relationships one of whose ends is in it. */
  external_relationships: number
  /** How many of its nodes are memories of each type. */
  memory_types: { [memoryType: string]: number }
  /** Tags of two of its memories or more, commonest first: at most 10. */
  common_tags: { tag: string; count: number }[]
  /**
   * Tags and words of titles that two of its memories or more have and others have less, the most telling first: at most 5. They can name it.
   */
  keywords: string[]
  /** The memory that is joined to the most others in it, the first by id of those; `null` where none is a memory that can be read. */
  central_memory: { id: string; title: string } | null
}
