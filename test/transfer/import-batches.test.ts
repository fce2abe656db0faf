import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { GraphBackend } from '../../src/backends/graph-backend.js'
import { exported, importDocument, link, memory, nothing, stores } from './export-samples.js'

describe.each(stores)('importDocument() into %s', (_name, create) => {
  let backend: GraphBackend

  beforeEach(async () => {
    backend = await create()
  })

  afterEach(async () => {
    await backend.disconnect()
  })

  it('does not double relationships that came into the store in another way', async () => {
    await importDocument(backend, exported([memory('a'), memory('b')]))
    const id = await backend.createRelationship('a', 'b', 'RELATED_TO', { strength: 0.9 })
    const report = await importDocument(
      backend,
      exported([], [link('a', 'b'), link('b', 'a'), link('b', 'a')]),
    )
    expect(report).toEqual({ ...nothing, imported_relationships: 1, skipped_relationships: 2 })
    expect(await backend.getRelationship(id)).toMatchObject({ properties: { strength: 0.9 } })
  })

  it('tells parallel relationships apart by their ids', async () => {
    const relationships = ['x', 'y', 'z'].map((id) => link('a', 'b', { id, properties: { context: id } }))
    const document = exported([memory('a'), memory('b')], [...relationships, link('a', 'b')])
    expect(await importDocument(backend, document)).toMatchObject({
      imported_relationships: 3,
      skipped_relationships: 1,
    })
    expect(await importDocument(backend, document)).toMatchObject({
      imported_relationships: 0,
      skipped_relationships: 4,
    })
    expect(await backend.getRelationship('y')).toMatchObject({ properties: { context: 'y' } })
  })

  it('gets through several batches, with progress', async () => {
    const ids = Array.from({ length: 5_010 }, (_, at) => `m${at}`)
    const links = ids.slice(1).map((id) => link('m0', id))
    const onProgress = vi.fn()
    const document = exported(
      ids.map((id) => memory(id)),
      links,
    )
    const report = await importDocument(backend, document, { onProgress })
    expect(report).toEqual({ ...nothing, imported_memories: 5_010, imported_relationships: 5_009 })
    expect(onProgress.mock.calls.at(-1)).toEqual([{ done: 10_019, total: 10_019, phase: 'importing' }])
    expect(await importDocument(backend, document)).toMatchObject({
      imported_relationships: 0,
      unchanged_memories: 5_010,
    })
  })

  it('stops when told to, and completes when run again', async () => {
    const ids = Array.from({ length: 5_010 }, (_, at) => `m${at}`)
    const document = exported(
      ids.map((id) => memory(id)),
      [link('m0', 'm1')],
    )
    const interrupt = new AbortController()
    const options = { signal: interrupt.signal, onProgress: () => interrupt.abort() }
    await expect(importDocument(backend, document, options)).rejects.toMatchObject({
      code: 'MG_ABORTED',
      details: { done: 5_000, total: 5_011 },
    })
    expect(await importDocument(backend, document)).toMatchObject({
      imported_memories: 10,
      unchanged_memories: 5_000,
    })
  })
})
