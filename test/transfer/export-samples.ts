import { readFileSync } from 'node:fs'
import type { GraphBackend } from '../../src/backends/graph-backend.js'
import { InMemoryBackend } from '../../src/backends/in-memory/in-memory-backend.js'
import { TursoBackend } from '../../src/backends/turso/turso-backend.js'
import type { ImportReport } from '../../src/transfer/import-json.js'

export type Entry = Record<string, unknown>

export const pythonExport: { memories: Entry[]; relationships: Entry[] } = JSON.parse(
  readFileSync(new URL('../fixtures/python-memory.export.json', import.meta.url), 'utf8'),
)

export function memory(id: string, more: Entry = {}): Entry {
  return { id, type: 'general', title: `Title of ${id}`, content: `content of ${id}`, ...more }
}

export function link(from: string, to: string, more: Entry = {}): Entry {
  return { from_memory_id: from, to_memory_id: to, type: 'RELATED_TO', ...more }
}

export function exported(memories: unknown[], relationships: unknown[] = []): Entry {
  return { format_version: '2.0', memories, relationships }
}

export const nothing: ImportReport = {
  imported_memories: 0,
  updated_memories: 0,
  unchanged_memories: 0,
  imported_relationships: 0,
  skipped_relationships: 0,
  refused: [],
}

export async function everything(backend: GraphBackend): Promise<unknown> {
  const memories = []
  for await (const found of backend.listMemories()) memories.push(found)
  const relationships = []
  for await (const found of backend.listRelationships()) relationships.push(found)
  return { memories, relationships }
}

export const stores: [name: string, create: () => Promise<GraphBackend>][] = [
  ['memory', () => InMemoryBackend.create()],
  ['turso', () => TursoBackend.create({ path: ':memory:' })],
]
