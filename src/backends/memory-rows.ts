import type { Memory } from '../model/memory.js'
import { decodeMemory, decodeObject } from '../model/memory-properties.js'
import type { GraphNode } from '../model/node.js'
import type { NodeRow } from './graph-driver.js'

/** The memory that a row holds. Throws `MG_CORRUPT` when its properties are no JSON object. */
export function memoryOf({ id, properties, version }: NodeRow): Memory {
  return decodeMemory(id, properties, version)
}

/** The node that a row holds. Throws `MG_CORRUPT` when its properties are no JSON object. */
export function nodeOf({ id, label, properties, version = 1 }: NodeRow): GraphNode {
  const node = { id, label, properties: decodeObject(id, properties) }
  return version > 1 ? { ...node, version } : node
}
