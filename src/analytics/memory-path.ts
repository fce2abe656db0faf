import type { Memory } from '../model/memory.js'
import type { Relationship } from '../model/relationship.js'

/** A node along a way: a memory, or the properties of a node of another label. */
export type PathNode = {
  id: string
  label: string
  memory: Memory | null
  properties: { [key: string]: unknown } | null
}

/** A way from one node to another. */
export type MemoryPathSteps = {
  /** From the first to the last. */
  nodes: PathNode[]
  /** The relationships along it, one fewer. */
  relationships: Relationship[]
  /** How many these are. */
  length: number
  /** The product of their strengths: 1 for no step. */
  strength: number
  /** Their strength on average; `null` for no step. */
  mean_strength: number | null
}

/** A way from one node to another, and others beside it. */
export type MemoryPath = MemoryPathSteps & {
  /** Other ways, shortest first. */
  alternatives: MemoryPathSteps[]
}
