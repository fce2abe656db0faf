import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { GraphBackend } from '../../src/backends/graph-backend.js'
import { InMemoryBackend } from '../../src/backends/in-memory/in-memory-backend.js'
import { everything, exported, importDocument, link, memory, stores } from './export-samples.js'

describe.each(stores)('importDocument() into %s', (_name, create) => {
  let backend: GraphBackend

  beforeEach(async () => {
    backend = await create()
  })

  afterEach(async () => {
    await backend.disconnect()
  })

  it('refuses entries that cannot be stored, says why, and stores the others', async () => {
    await backend.putNodes([{ id: 'task', label: 'Task', properties: {} }])
    const document = exported(
      [
        memory('good'),
        memory('long', { title: 'x'.repeat(201) }),
        memory('kind', { type: 'unheard-of' }),
        { type: 'general', title: 'no id', content: 'text' },
        'not an object',
        memory('task'),
        memory('loud', { importance: 7 }),
        memory('large', { content: 'x'.repeat(1024 * 1024 + 1) }),
        memory('last'),
      ],
      [
        link('good', 'last'),
        link('good', 'long'),
        link('good', 'nowhere'),
        link('good', 'last', { type: 'KNOWS' }),
        link('good', 'good'),
        link('good', 'last', { type: 'CAUSES', weight: 3 }),
        link('good', 'last', { type: 'SOLVES', properties: { strength: 9.5 } }),
        null,
        link('last', 'task'),
      ],
    )
    const report = await importDocument(backend, document)
    expect(report).toMatchObject({
      imported_memories: 2,
      imported_relationships: 3,
      skipped_relationships: 0,
    })
    const { refused } = report
    expect(refused.map(({ kind, index, id }) => [kind, index, id])).toEqual([
      ['memory', 1, 'long'],
      ['memory', 2, 'kind'],
      ['memory', 3, null],
      ['memory', 4, null],
      ['memory', 5, 'task'],
      ['memory', 6, 'loud'],
      ['memory', 7, 'large'],
      ['relationship', 1, null],
      ['relationship', 2, null],
      ['relationship', 3, null],
      ['relationship', 5, null],
      ['relationship', 6, null],
      ['relationship', 7, null],
    ])
    const reasons = refused.map(({ reason }) => reason)
    expect(reasons[0]).toContain('title')
    expect(reasons[2]).toContain('id')
    expect(reasons[4]).toContain('"Task"')
    expect(reasons[6]).toContain('maxContentBytes')
    expect(reasons[7]).toContain('"long"')
    expect(reasons[8]).toContain('"nowhere"')
    expect(reasons[10]).toContain('"weight"')
    expect(await importDocument(backend, document)).toMatchObject({
      unchanged_memories: 2,
      skipped_relationships: 3,
      refused,
    })
  })

  it('refuses a relationship whose id is taken by one of another type', async () => {
    const memories = [memory('a'), memory('b'), memory('c')]
    await importDocument(backend, exported(memories, [link('a', 'b', { id: 'r' })]))
    const others = [link('a', 'b', { id: 'r', type: 'SOLVES' }), link('c', 'a')]
    expect(await importDocument(backend, exported([], others))).toMatchObject({
      imported_relationships: 1,
      refused: [{ kind: 'relationship', index: 0, id: 'r' }],
    })
    expect(await backend.getRelationship('r')).toMatchObject({ to_memory_id: 'b', type: 'RELATED_TO' })
  })

  it('writes nothing in a dry run, and reports the same', async () => {
    const document = exported([memory('a'), memory('b', { type: '?' })], [link('a', 'a1'), link('a', 'b')])
    const before = await everything(backend)
    const dry = await importDocument(backend, document, { dryRun: true })
    expect(await everything(backend)).toEqual(before)
    expect(dry).toMatchObject({ imported_memories: 1, refused: [{ id: 'b' }, { index: 0 }, { index: 1 }] })
    expect(await importDocument(backend, document)).toEqual(dry)
  })
})

describe('importDocument() refuses what is no export, and writes nothing', () => {
  const cases: [what: string, document: unknown, fault: RegExp][] = [
    ['text', 'text', /must be a JSON object, not a string/],
    ['a list', [], /must be a JSON object, not a list/],
    ['null', null, /not null/],
    ['no version', { memories: [], relationships: [] }, /format_version/],
    ['a newer version', { format_version: '3.0', memories: [], relationships: [] }, /newer/],
    ['a strange version', { format_version: 'x', memories: [], relationships: [] }, /"x"/],
    ['no memories', { format_version: '2.0', relationships: [] }, /"memories" must be a list, not absent/],
    [
      'no relationships',
      { export_version: '1.0', memories: [], relationships: {} },
      /"relationships" must be a list/,
    ],
    [
      'a memory twice',
      exported([memory('a'), memory('b'), memory('a')]),
      /more than one entry with the id "a"/,
    ],
    [
      'a relationship twice',
      exported([memory('a')], [link('a', 'b', { id: 'r' }), link('b', 'a', { id: 'r' })]),
      /"r"/,
    ],
  ]
  it.each(cases)('%s', async (_what, document, fault) => {
    const backend = await InMemoryBackend.create()
    await expect(importDocument(backend, document)).rejects.toMatchObject({
      code: 'MG_VALIDATION',
      message: fault,
    })
    expect((await backend.getMemoryStatistics()).total_memories.count).toBe(0)
  })

  it('but takes the older version 1', async () => {
    const backend = await InMemoryBackend.create()
    const document = { export_version: '1.0', memories: [memory('a')], relationships: [] }
    expect(await importDocument(backend, document)).toMatchObject({ imported_memories: 1 })
  })
})

describe('importDocument() refuses options that do not fit, and writes nothing', () => {
  const cases: [what: string, options: unknown, fault: RegExp][] = [
    ['an unknown key', { dry_run: true }, /"dry_run"/],
    ['a flag that is none', { dryRun: 'yes' }, /dryRun: must be true or false/],
    ['a flag that is null', { dryRun: null }, /dryRun: must be true or false/],
    ['no function', { onProgress: 'loud' }, /onProgress: must be a function/],
    ['no signal', { signal: { aborted: false } }, /signal/],
    ['a list', [], /must be an object/],
    ['null', null, /must be an object/],
    ['text', 'dryRun', /must be an object/],
  ]
  it.each(cases)('%s', async (_what, options, fault) => {
    const backend = await InMemoryBackend.create()
    await expect(importDocument(backend, exported([memory('a')]), options as never)).rejects.toMatchObject({
      name: 'ValidationError',
      code: 'MG_VALIDATION',
      message: fault,
    })
    expect(await backend.getMemory('a')).toBeNull()
  })
})
