import { MemoryError } from '../../errors.js'
import { MAX_TITLE_CHARACTERS } from '../../model/memory.js'
import { decodeMemory } from '../../model/memory-properties.js'
import { MEMORY_TYPES } from '../../model/memory-type.js'
import { MEMORY_LABEL } from '../../model/node.js'
import type { Timestamp } from '../../model/timestamp.js'
import type { NodeRow } from '../graph-driver.js'

/** What searches ask of a memory, taken from its properties once, when it is written. */
export type MemoryFacets = {
  readonly type: string
  readonly title: string
  /** Empty when there is none. */
  readonly summary: string
  readonly content: string
  /** Lower case. */
  readonly tags: readonly string[]
  readonly projectPath: string | null
  readonly sessionId: string | null
  /** Lower case. */
  readonly languages: readonly string[]
  /** Lower case. */
  readonly frameworks: readonly string[]
  readonly importance: number
  readonly confidence: number
  readonly effectiveness: number | null
  /** Empty when it is not known. */
  readonly createdAt: Timestamp
  /** Whether its type or its title is one that this library would not store. */
  readonly isOutsideLimits: boolean
}

const KNOWN_TYPES: ReadonlySet<string> = new Set(MEMORY_TYPES)

/** The facets of a node; `null` when it is no memory, or one whose properties are not a JSON object. */
export function facetsOf(row: NodeRow): MemoryFacets | null {
  if (row.label !== MEMORY_LABEL) return null
  try {
    return readFacets(row)
  } catch (error) {
    if (MemoryError.is(error) && error.code === 'MG_CORRUPT') return null
    throw error
  }
}

function readFacets(row: NodeRow): MemoryFacets {
  const memory = decodeMemory(row.id, row.properties)
  return {
    type: memory.type,
    title: memory.title,
    summary: memory.summary ?? '',
    content: memory.content,
    tags: memory.tags,
    projectPath: memory.context?.project_path ?? null,
    sessionId: memory.context?.session_id ?? null,
    languages: lowerCase(memory.context?.languages),
    frameworks: lowerCase(memory.context?.frameworks),
    importance: memory.importance,
    confidence: memory.confidence,
    effectiveness: memory.effectiveness,
    createdAt: memory.created_at,
    isOutsideLimits: !KNOWN_TYPES.has(memory.type) || isLongTitle(memory.title),
  }
}

function isLongTitle(title: string): boolean {
  return title.length > MAX_TITLE_CHARACTERS && [...title].length > MAX_TITLE_CHARACTERS
}

function lowerCase(names: readonly string[] = []): string[] {
  return names.map((name) => name.toLowerCase())
}
