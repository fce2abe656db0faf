import { chmodSync, cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { GraphBackend } from '../../src/backends/graph-backend.js'
import { TursoBackend } from '../../src/backends/turso/turso-backend.js'
import {
  type Entry,
  everything,
  exported,
  importDocument,
  link,
  memory,
  nothing,
  pythonExport,
  stores,
} from './export-samples.js'

describe.each(stores)('importDocument() into %s', (_name, create) => {
  let backend: GraphBackend

  beforeEach(async () => {
    backend = await create()
  })

  afterEach(async () => {
    await backend.disconnect()
  })

  it('imports an export of Python MemoryGraph, and again without any change', async () => {
    expect(await importDocument(backend, pythonExport)).toEqual({
      ...nothing,
      imported_memories: 166,
      imported_relationships: 434,
    })
    const before = await everything(backend)
    expect(await importDocument(backend, pythonExport)).toEqual({
      ...nothing,
      unchanged_memories: 166,
      skipped_relationships: 434,
    })
    expect(await everything(backend)).toEqual(before)
  })

  it('keeps all that the export says', async () => {
    await importDocument(backend, pythonExport)
    for (const entry of pythonExport.memories) {
      const tags = [...new Set(entry['tags'] as string[])]
      expect(await backend.getMemory(entry['id'] as string, false)).toMatchObject({ ...entry, tags })
    }
    const relationships = []
    for await (const found of backend.listRelationships()) relationships.push(found)
    for (const entry of pythonExport.relationships) {
      expect(relationships).toContainEqual(
        expect.objectContaining({ ...entry, properties: expect.anything() }),
      )
    }
    const [first] = pythonExport.relationships as { from_memory_id: string; properties: Entry }[]
    expect(relationships.map((found) => found.properties)).toContainEqual(
      expect.objectContaining(first?.properties),
    )
  })

  it('keeps created_at and updated_at to the microsecond', async () => {
    const times = {
      created_at: '2024-05-06T07:08:09.123456+02:00',
      updated_at: '2024-06-07T08:09:10.000001Z',
    }
    await importDocument(backend, exported([memory('a', times)]))
    expect(await backend.getMemory('a')).toMatchObject({
      created_at: '2024-05-06T05:08:09.123456+00:00',
      updated_at: '2024-06-07T08:09:10.000001+00:00',
    })
  })

  it('makes imported memories searchable', async () => {
    await importDocument(backend, pythonExport)
    const found = await backend.searchMemories({ query: 'HTTP/2 protocol' })
    expect(found.map((hit) => hit.title)).toContain('libnghttp2-14')
  })

  it('imports nothing again when times are missing', async () => {
    const document = exported(
      [memory('a', { context: { languages: ['go'] } }), memory('b')],
      [link('a', 'b')],
    )
    await importDocument(backend, document)
    const before = await everything(backend)
    expect(await importDocument(backend, document)).toEqual({
      ...nothing,
      unchanged_memories: 2,
      skipped_relationships: 1,
    })
    expect(await everything(backend)).toEqual(before)
  })

  it('replaces what says something else, and keeps what the document does not mention', async () => {
    await backend.storeMemory({
      ...(memory('a') as { type: string; title: string; content: string }),
      id: 'a',
      summary: 'stays',
      effectiveness: 0.7,
      tags: ['old'],
      context: { git_branch: 'main', languages: ['c'] },
    })
    const context = { languages: ['go'], project_path: '/p' }
    const entry = memory('a', { content: 'new', tags: ['new'], context, created_at: '2020-01-02T00:00:00Z' })
    expect(await importDocument(backend, exported([entry]))).toEqual({ ...nothing, updated_memories: 1 })
    expect(await backend.getMemory('a')).toMatchObject({
      content: 'new',
      tags: ['new'],
      summary: 'stays',
      effectiveness: 0.7,
      created_at: '2020-01-02T00:00:00.000000+00:00',
      context: { git_branch: 'main', languages: ['go'], project_path: '/p' },
    })
    await importDocument(backend, exported([memory('a', { summary: null })]))
    expect(await backend.getMemory('a')).toMatchObject({ summary: null, content: 'content of a' })
  })

  it('keeps fields it does not know', async () => {
    const entry = memory('a', {
      mood: 'fine',
      origin: { tool: [1, 2] },
      context: { editor: 'vi' },
      ['__proto__x']: 1,
    })
    await importDocument(backend, exported([entry]))
    const [node] = await backend.getNodes(['a'])
    expect(node?.properties).toMatchObject({ mood: 'fine', origin: { tool: [1, 2] }, context_editor: 'vi' })
    expect(await importDocument(backend, exported([entry]))).toEqual({ ...nothing, unchanged_memories: 1 })
    const changed = await importDocument(backend, exported([memory('a', { mood: 'better' })]))
    expect(changed).toEqual({ ...nothing, updated_memories: 1 })
    expect((await backend.getNodes(['a']))[0]?.properties).toMatchObject({
      mood: 'better',
      context_editor: 'vi',
    })
  })
})

describe('importDocument() into the file that the export was made from', () => {
  it('changes nothing', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'import-'))
    const path = join(folder, 'memory.db')
    cpSync(new URL('../fixtures/python-memory.db', import.meta.url), path)
    chmodSync(path, 0o600)
    const backend = await TursoBackend.create({ path })
    const before = await everything(backend)
    expect(await importDocument(backend, pythonExport)).toEqual({
      ...nothing,
      unchanged_memories: 166,
      skipped_relationships: 434,
    })
    expect(await everything(backend)).toEqual(before)
    await backend.disconnect()
    rmSync(folder, { recursive: true })
  })
})
