import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { GraphBackend, RecordSource, TransferRecord } from '../../src/index.js'
import { importGraph } from '../../src/index.js'
import { everything, stores } from './export-samples.js'

const EARLY = '2026-01-01T00:00:00.000000+00:00'
const LATE = '2026-02-01T00:00:00.000000+00:00'

function sourceOf(...records: Omit<TransferRecord, 'place'>[]): RecordSource {
  return {
    format: 'test',
    async *records() {
      for (const [at, record] of records.entries()) yield { ...record, place: `record ${at}` }
    },
  }
}

const memory = (id: string, title: string, updated_at: string): Omit<TransferRecord, 'place'> => ({
  kind: 'node',
  value: {
    id,
    label: 'Memory',
    properties: { id, type: 'general', title, content: 'c', created_at: EARLY, updated_at },
  },
})
const link = (id: string, properties: object): Omit<TransferRecord, 'place'> => ({
  kind: 'relationship',
  value: { id, from_memory_id: 'a', to_memory_id: 'b', type: 'SOLVES', properties },
})
const times = (at: string, more: object = {}): object => ({
  created_at: EARLY,
  valid_from: EARLY,
  recorded_at: EARLY,
  last_validated: at,
  ...more,
})

describe.each(stores)('importGraph() of what is stored in %s with other content', (_name, create) => {
  let backend: GraphBackend
  const titleOf = async (id: string) => (await backend.getMemory(id))?.title

  beforeEach(async () => {
    backend = await create()
    await importGraph(
      backend,
      sourceOf(
        memory('a', 'stored', LATE),
        memory('b', 'B', EARLY),
        link('r', times(LATE, { strength: 0.5 })),
      ),
    )
  })
  afterEach(() => backend.disconnect())

  it('replaces what is older, unless told otherwise', async () => {
    const earlier = sourceOf(memory('a', 'earlier', EARLY), link('r', times(EARLY, { strength: 0.1 })))
    expect(await importGraph(backend, earlier)).toMatchObject({
      on_conflict: 'newer',
      nodes: { kept: 1, replaced: 0 },
      relationships: { kept: 1, replaced: 0 },
    })
    const after = '2026-03-01T00:00:00.000000+00:00'
    const later = sourceOf(memory('a', 'later', after), link('r', times(after, { strength: 0.9 })))
    expect(await importGraph(backend, later)).toMatchObject({
      nodes: { replaced: 1 },
      relationships: { replaced: 1 },
    })
    expect(await titleOf('a')).toBe('later')
    expect((await backend.getMemoryHistory('a')).map(({ title }) => title)).toEqual(['stored'])
    expect((await backend.getRelationship('r'))?.properties.strength).toBe(0.9)
  })

  it('takes over that a relationship has ended since', async () => {
    const ended = sourceOf(link('r', times(LATE, { strength: 0.5, valid_until: LATE })))
    expect(await importGraph(backend, ended)).toMatchObject({ relationships: { replaced: 1 } })
    expect((await backend.getRelationship('r'))?.properties.valid_until).toBe(LATE)
  })

  it('replaces everything, or keeps everything, when told so', async () => {
    const other = sourceOf(memory('a', 'other', EARLY), link('r', times(EARLY, { strength: 0.1 })))
    expect(await importGraph(backend, other, { onConflict: 'skip' })).toMatchObject({
      nodes: { kept: 1 },
      relationships: { kept: 1 },
    })
    expect(await titleOf('a')).toBe('stored')
    expect(await importGraph(backend, other, { onConflict: 'replace' })).toMatchObject({
      nodes: { replaced: 1 },
      relationships: { replaced: 1 },
    })
    expect(await titleOf('a')).toBe('other')
    expect((await backend.getRelationship('r'))?.properties.strength).toBe(0.1)
  })

  it('stores nothing at all when a conflict is to be an error', async () => {
    const before = await everything(backend)
    const other = sourceOf(memory('new', 'N', LATE), memory('a', 'other', LATE))
    await expect(importGraph(backend, other, { onConflict: 'error' })).rejects.toMatchObject({
      code: 'MG_CONFLICT',
      details: { id: 'a', place: 'record 1' },
    })
    expect(await everything(backend)).toEqual(before)
  })

  it('stores nothing at all when an atomic import fails at its end', async () => {
    const before = await everything(backend)
    const breaking: RecordSource = {
      format: 'test',
      async *records() {
        for (let at = 0; at < 5_500; at++) yield { ...memory(`n${at}`, 'N', LATE), place: `record ${at}` }
        if (passes++ > 0) throw new Error('torn')
      },
    }
    let passes = 0
    await expect(importGraph(backend, breaking, { atomic: true })).rejects.toThrow('torn')
    expect(await everything(backend)).toEqual(before)
    passes = 0
    await expect(importGraph(backend, breaking)).rejects.toThrow('torn')
    expect((await backend.getMemory('n4999'))?.title).toBe('N')
  })

  it('takes the later of two records with one id, in the order they come', async () => {
    const twice = sourceOf(memory('x', 'first', EARLY), memory('x', 'second', LATE), memory('y', 'Y', LATE))
    expect(await importGraph(backend, twice)).toMatchObject({ nodes: { imported: 2, replaced: 1 } })
    expect(await titleOf('x')).toBe('second')
  })
})
