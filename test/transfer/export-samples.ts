import { readFileSync } from 'node:fs'
import type { GraphBackend } from '../../src/backends/graph-backend.js'
import { InMemoryBackend } from '../../src/backends/in-memory/in-memory-backend.js'
import { TursoBackend } from '../../src/backends/turso/turso-backend.js'
import { memorygraphDocument } from '../../src/transfer/formats/read-memorygraph-document.js'
import { type ImportOptions, importGraph } from '../../src/transfer/import-graph.js'

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

/** What an import of a document did, on one level. */
export type Summary = {
  imported_memories: number
  updated_memories: number
  unchanged_memories: number
  imported_relationships: number
  skipped_relationships: number
  refused: {
    kind: 'memory' | 'relationship' | 'embedding'
    index: number
    id: string | null
    reason: string
  }[]
}

export const nothing: Summary = {
  imported_memories: 0,
  updated_memories: 0,
  unchanged_memories: 0,
  imported_relationships: 0,
  skipped_relationships: 0,
  refused: [],
}

/** Imports a document that wins over what is stored. */
export async function importDocument(
  backend: GraphBackend,
  document: unknown,
  options: ImportOptions = {},
): Promise<Summary> {
  const isObject = typeof options === 'object' && options !== null && !Array.isArray(options)
  const given = isObject ? { onConflict: 'replace', ...options } : options
  const report = await importGraph(backend, memorygraphDocument(document), given as ImportOptions)
  const { nodes, relationships, refused } = report
  return {
    imported_memories: nodes.imported,
    updated_memories: nodes.replaced,
    unchanged_memories: nodes.unchanged,
    imported_relationships: relationships.imported,
    skipped_relationships: relationships.unchanged + relationships.kept,
    refused: refused
      .map(({ kind, id, place, reason }) => ({
        kind: kind === 'node' ? ('memory' as const) : kind,
        index: Number(place.split(' ')[1]),
        id,
        reason,
      }))
      .sort((a, b) => (a.kind === b.kind ? a.index - b.index : a.kind < b.kind ? -1 : 1)),
  }
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
