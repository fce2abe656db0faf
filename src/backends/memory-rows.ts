import type { Memory } from '../model/memory.js'
import { decodeMemory } from '../model/memory-properties.js'
import type { NodeRow } from './graph-driver.js'

/** The memory that a row holds. Throws `MG_CORRUPT` when its properties are no JSON object. */
export function memoryOf({ id, properties, version }: NodeRow): Memory {
  return decodeMemory(id, properties, version)
}
