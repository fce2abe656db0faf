import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { similarityOf, sketchOf } from '../../src/hygiene/text-sketch.js'
import {
  findDuplicates,
  type GraphBackend,
  InMemoryBackend,
  type MemoryInput,
  prune,
  TursoBackend,
} from '../../src/index.js'

async function storeTexts(...memories: readonly Partial<MemoryInput>[]): Promise<InMemoryBackend> {
  const backend = await InMemoryBackend.create()
  await backend.storeMemories(
    memories.map((memory, at) => ({
      id: `m${at}`,
      type: 'general',
      title: 'Note',
      content: 'text',
      ...memory,
    })),
  )
  return backend
}

const words = Array.from({ length: 60 }, (_, at) => `word${at}`)

describe('similarity of texts', () => {
  it('is 1 for the same words whatever their case and punctuation, 0 for none in common, and symmetric', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (a, b) => {
        const [one, other] = [sketchOf(a), sketchOf(b)]
        expect(similarityOf(one, one)).toBe(1)
        expect(similarityOf(one, other)).toBe(similarityOf(other, one))
      }),
    )
    expect(similarityOf(sketchOf('Retry, with backoff!'), sketchOf('retry WITH backoff'))).toBe(1)
    expect(similarityOf(sketchOf('one two three four'), sketchOf('five six seven eight'))).toBe(0)
  })

  it('is the part of the runs of three words that both have', () => {
    expect(similarityOf(sketchOf('a b c d e'), sketchOf('a b c d f'))).toBeCloseTo(2 / 4)
  })
})

describe('findDuplicates()', () => {
  it('finds memories of the same words, and nearly, and no others', async () => {
    const long = words.join(' ')
    await using backend = await storeTexts(
      { title: 'Cache', content: 'Warm the cache before the first request.' },
      { title: 'cache', content: 'warm THE cache, before the first request' },
      { title: 'Long', content: long },
      { title: 'Long', content: `${long} and more` },
      { title: 'Long', content: words.slice(0, 20).join(' ') },
      { title: 'Other', content: 'Nothing like it at all in here.' },
    )
    expect(await findDuplicates(backend)).toEqual([
      { ids: ['m0', 'm1'], similarity: 1 },
      { ids: ['m2', 'm3'], similarity: expect.closeTo(59 / 61, 5) },
    ])
    expect(await findDuplicates(backend, { threshold: 1 })).toEqual([{ ids: ['m0', 'm1'], similarity: 1 }])
    expect((await findDuplicates(backend, { threshold: 0.3 }))[0]?.ids).toEqual(['m2', 'm3', 'm4'])
    expect(await findDuplicates(backend, { filter: { tags: ['absent'] } })).toEqual([])
    for (const options of [
      { threshold: 0 },
      { threshold: 1.1 },
      { threshold: Number.NaN },
      { treshold: 1 },
      null,
    ])
      await expect(findDuplicates(backend, options as never)).rejects.toMatchObject({ code: 'MG_VALIDATION' })
  })

  it('takes no two texts without words for the same because they have none', async () => {
    await using backend = await storeTexts(
      { title: '🔥', content: '🚒' },
      { title: '💧', content: '🌊' },
      { title: '💧', content: '🌊' },
    )
    expect(await findDuplicates(backend)).toEqual([{ ids: ['m1', 'm2'], similarity: 1 }])
  })

  it('brings a thousand copies together without comparing each with each', async () => {
    await using backend = await storeTexts(...Array.from({ length: 1_000 }, () => ({ content: 'the same' })))
    const [group, ...others] = await findDuplicates(backend)
    expect(group?.ids).toHaveLength(1_000)
    expect(others).toEqual([])
  })
})

describe('prune()', () => {
  it('deletes what is old and not important, and keeps what it is told to', async () => {
    await using backend = await storeTexts(
      { importance: 0.1 },
      { importance: 0.1, tags: ['Pinned'] },
      { importance: 0.9 },
      { importance: 0.2, type: 'problem' },
      { importance: 0.2 },
    )
    await backend.createRelationship('m4', 'm2', 'RELATED_TO')
    const options = { minImportance: 0.5, keepTags: ['PINNED '], keepRelated: true }
    expect(await prune(backend, { ...options, dryRun: true })).toEqual({ ids: ['m0', 'm3'], dry_run: true })
    expect((await backend.getMemoryStatistics()).total_memories.count).toBe(5)
    expect(await prune(backend, { ...options, memoryTypes: ['general'] })).toEqual({
      ids: ['m0'],
      dry_run: false,
    })
    expect((await prune(backend, { olderThan: '2020-01-01' })).ids).toEqual([])
    expect((await prune(backend, { olderThan: '9999-01-01' })).ids).toEqual(['m1', 'm2', 'm3', 'm4'])
  })

  it('refuses to delete everything by mistake', async () => {
    await using backend = await storeTexts({})
    const wrong = [
      undefined,
      null,
      {},
      { olderThan: 'long ago' },
      { minImportance: 2 },
      { minImportance: null },
      { minImportance: true },
      { minImportance: ['1'] },
      { older: '2020-01-01' },
      { minImportance: 1, keepTags: 'pinned' },
      { minImportance: 1, projectPath: null },
      { minImportance: 1, dryRun: null },
      { minImportance: 1, dryRun: 'yes' },
    ]
    for (const options of wrong)
      await expect(prune(backend, options as never)).rejects.toMatchObject({ code: 'MG_VALIDATION' })
    expect((await backend.getMemoryStatistics()).total_memories.count).toBe(1)
  })

  it('takes no memory for old whose time cannot be read', async () => {
    await using backend = await TursoBackend.create({ path: ':memory:' })
    for (const [id, time] of Object.entries({
      none: '',
      odd: '1/2/2026',
      old: '2020-01-01T00:00:00+00:00',
    })) {
      const properties = { id, type: 'general', title: id, content: id, created_at: time, updated_at: time }
      await backend.executeWriteQuery(
        `INSERT INTO nodes (id, label, properties, created_at, updated_at) VALUES (?, 'Memory', ?, ?, ?)`,
        [id, JSON.stringify(properties), time, time],
      )
    }
    expect((await prune(backend, { olderThan: '2025-01-01' })).ids).toEqual(['old'])
  })

  it('keeps what was changed, or joined to another, while the others were looked for', async () => {
    await using backend = await storeTexts({ importance: 0.1 }, { importance: 0.1 }, { importance: 0.1 }, {})
    const changing: Pick<GraphBackend, 'listMemories' | 'getRelatedMemories' | 'transaction'> = {
      async *listMemories(filter) {
        yield* backend.listMemories(filter)
        await backend.updateMemory({ id: 'm0', importance: 0.9 })
        await backend.createRelationship('m1', 'm3', 'RELATED_TO')
      },
      getRelatedMemories: (id, options) => backend.getRelatedMemories(id, options),
      transaction: (work, options) => backend.transaction(work, options),
    }
    const { ids } = await prune(changing, { minImportance: 0.5, keepRelated: true })
    expect(ids).toEqual(['m2'])
    expect((await backend.getMemories(['m0', 'm1', 'm2'])).map(({ id }) => id)).toEqual(['m0', 'm1'])
  })
})
