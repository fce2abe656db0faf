import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { GraphBackend } from '../../src/index.js'
import { InMemoryBackend, mergeMemories, TursoBackend } from '../../src/index.js'

const STORES: [string, () => Promise<GraphBackend>][] = [
  ['memory', () => InMemoryBackend.create()],
  ['turso', () => TursoBackend.create({ path: ':memory:' })],
]

describe.each(STORES)('mergeMemories() in %s', (_name, create) => {
  let backend: GraphBackend
  const note = (id: string, more: object = {}) =>
    backend.storeMemory({ id, type: 'general', title: `Note ${id}`, content: `Content ${id}`, ...more })
  const join = (id: string, from: string, to: string, properties: object = {}) =>
    backend.createRelationships([
      { id, from_memory_id: from, to_memory_id: to, type: 'RELATED_TO', properties },
    ])

  beforeEach(async () => {
    backend = await create()
  })
  afterEach(() => backend.disconnect())

  it('gives the one that is kept what it lacks of the others', async () => {
    await note('a', { tags: ['x'], importance: 0.4, usage_count: 2, context: { languages: ['go'] } })
    await note('b', {
      tags: ['y'],
      importance: 0.9,
      summary: 'Short',
      effectiveness: 0.5,
      usage_count: 3,
      created_at: '2020-01-01T00:00:00Z',
      context: { languages: ['c'], git_branch: 'main', additional_metadata: { ticket: 7 } },
    })
    await note('c', { title: 'Note a', content: 'Content a' })
    const [node] = await backend.getNodes(['b'])
    const properties = { ...node?.properties, other_program: { deep: [1] } }
    await backend.putNodes([{ id: 'b', label: 'Memory', properties }])
    const report = await mergeMemories(backend, 'a', ['b', 'c'])
    expect(report).toMatchObject({
      id: 'a',
      merged: ['b', 'c'],
      merged_memories: [{ id: 'b', title: 'Note b', context: { git_branch: 'main' } }, { id: 'c' }],
      moved_relationships: 0,
      dropped_relationships: [],
    })
    expect(await backend.getMemory('a')).toMatchObject({
      title: 'Note a',
      content: 'Content a\n\nNote b\n\nContent b',
      summary: 'Short',
      tags: ['x', 'y'],
      importance: 0.9,
      effectiveness: 0.5,
      usage_count: 5,
      created_at: '2020-01-01T00:00:00.000000+00:00',
      context: {
        languages: ['go', 'c'],
        git_branch: 'main',
        additional_metadata: { ticket: 7, merged_from: ['b', 'c'] },
      },
    })
    expect((await backend.getNodes(['a']))[0]?.properties['other_program']).toEqual({ deep: [1] })
    expect(await backend.getMemories(['b', 'c'])).toEqual([])
    expect((await backend.getMemoryHistory('a'))[0]).toMatchObject({ content: 'Content a', tags: ['x'] })
  })

  it('takes over members by the name of what objects inherit', async () => {
    await note('a')
    const metadata = JSON.parse('{"__proto__": {"deep": 1}, "constructor": 2}')
    await note('b', { context: { additional_metadata: metadata } })
    const [node] = await backend.getNodes(['b'])
    const others = Object.entries(JSON.parse('{"__proto__": {"deep": 1}, "toString": 3}'))
    const properties = Object.fromEntries([...Object.entries(node?.properties ?? {}), ...others])
    await backend.putNodes([{ id: 'b', label: 'Memory', properties }])
    await mergeMemories(backend, 'a', ['b'])
    const [merged] = await backend.getNodes(['a'])
    expect(Object.entries(merged?.properties ?? {})).toEqual(expect.arrayContaining(others))
    const kept = (await backend.getMemory('a'))?.context?.additional_metadata
    expect(Object.entries(kept ?? {})).toEqual([...Object.entries(metadata), ['merged_from', ['b']]])
  })

  it('moves relationships as they are, also ended ones and what refers to them', async () => {
    for (const id of ['a', 'b', 'x', 'y']) await note(id)
    await join('out', 'b', 'x', { strength: 0.9, context: 'why' })
    await join('in', 'y', 'b')
    await join('between', 'a', 'b')
    await join('old', 'x', 'b', {
      valid_from: '2024-01-01',
      invalidated_by: 'out',
      valid_until: '2025-01-01',
    })
    const before = await backend.getRelationship('out')
    const report = await mergeMemories(backend, 'a', ['b'])
    expect(report.moved_relationships).toBe(3)
    expect(report.dropped_relationships.map(({ id }) => id)).toEqual(['between'])
    expect(await backend.getRelationship('out')).toEqual({ ...before, from_memory_id: 'a' })
    expect(await backend.getRelationship('in')).toMatchObject({ from_memory_id: 'y', to_memory_id: 'a' })
    expect(await backend.getRelationship('old')).toMatchObject({
      to_memory_id: 'a',
      properties: { invalidated_by: 'out', valid_until: '2025-01-01T00:00:00.000000+00:00' },
    })
    expect(await backend.getRelationship('between')).toBeNull()
    const related = await backend.getRelatedMemories('a', { maxDepth: 1 })
    expect(related.map(([{ id }]) => id).sort()).toEqual(['x', 'y'])
  })

  it('merges nothing when one of them is not there, is named twice, or they are too large together', async () => {
    await note('a', { content: 'a'.repeat(600_000) })
    await note('b', { content: 'b'.repeat(600_000) })
    await backend.putNodes([{ id: 't', label: 'Task', properties: {} }])
    for (const [drops, code] of [
      [['unknown'], 'MG_NOT_FOUND'],
      [['t'], 'MG_NOT_FOUND'],
      [['b', 'b'], 'MG_VALIDATION'],
      [['a'], 'MG_VALIDATION'],
      [[], 'MG_VALIDATION'],
      [['b'], 'MG_VALIDATION'],
    ] as const) {
      await expect(mergeMemories(backend, 'a', drops)).rejects.toMatchObject({ code })
    }
    expect((await backend.getMemories(['a', 'b'])).map(({ content }) => content.length)).toEqual([
      600_000, 600_000,
    ])
    expect(await backend.getMemoryHistory('a')).toEqual([])
  })
})
