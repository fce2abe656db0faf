import assert from 'node:assert/strict'
import type { Memory } from '../../model/memory.js'
import { MEMORY_TYPES } from '../../model/memory-type.js'
import { assertPlain, CANONICAL_TIMESTAMP, idsOf, present, rejectsWith } from '../assertions.js'
import { casesOf, type GraphBackendCase } from '../graph-backend-case.js'
import { COMPLETE_MEMORY, join, note, storeNotes, storeSamples } from '../samples.js'

const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

/** All of a memory but what every write sets anew. */
function lastingPartOf(memory: Memory | null): Partial<Memory> {
  const { updated_at, version, ...rest } = present(memory, 'the memory')
  assert.match(updated_at, CANONICAL_TIMESTAMP)
  assert.ok(version >= 1)
  return rest
}

/** Storing, reading and deleting memories. */
export const memoryCases: readonly GraphBackendCase[] = casesOf('memories', {
  'storeMemory() fills in defaults': async (backend) => {
    const before = new Date(Date.now() - 1000).toISOString()
    const id = await backend.storeMemory({ type: 'task', title: 'Just this', content: 'And that.' })
    const memory = present(await backend.getMemory(id))
    const { created_at, updated_at, ...rest } = memory
    assert.deepEqual(rest, {
      id,
      type: 'task',
      title: 'Just this',
      content: 'And that.',
      summary: null,
      tags: [],
      context: null,
      importance: 0.5,
      confidence: 0.8,
      effectiveness: null,
      usage_count: 0,
      last_accessed: null,
      version: 1,
      updated_by: null,
      relationships: {},
      match_info: null,
      context_summary: null,
    })
    assert.match(created_at, CANONICAL_TIMESTAMP)
    assert.ok(created_at > before && created_at <= updated_at)
  },

  'storeMemory() keeps every field': async (backend) => {
    assert.equal(await backend.storeMemory(COMPLETE_MEMORY), 'complete')
    const read = lastingPartOf(await backend.getMemory('complete', false))
    assert.deepEqual(read, {
      ...COMPLETE_MEMORY,
      last_accessed: '2026-02-02T10:00:00.000000+00:00',
      relationships: null,
      match_info: null,
      context_summary: null,
    })
    assertPlain(read, 'a memory')
  },

  'storeMemory() fills in the rest of a context': async (backend) => {
    await backend.storeMemory(note('a', { context: { git_branch: 'main' } }))
    const { timestamp, ...context } = present((await backend.getMemory('a'))?.context, 'the context')
    assert.match(timestamp, CANONICAL_TIMESTAMP)
    assert.deepEqual(context, {
      project_path: null,
      files_involved: [],
      languages: [],
      frameworks: [],
      technologies: [],
      git_commit: null,
      git_branch: 'main',
      working_directory: null,
      session_id: null,
      user_id: null,
      additional_metadata: {},
      tenant_id: null,
      team_id: null,
      visibility: 'project',
      created_by: null,
    })
  },

  'storeMemories() knows all 13 types': async (backend) => {
    await backend.storeMemories(MEMORY_TYPES.map((type) => note(type, { type })))
    const stored = await backend.getMemories(MEMORY_TYPES)
    assert.deepEqual(
      stored.map(({ type }) => type),
      MEMORY_TYPES,
    )
  },

  'storeMemory() takes null as absent': async (backend) => {
    const { type, title, content } = note('a')
    const nothing = {
      summary: null,
      tags: null,
      context: null,
      importance: null,
      confidence: null,
      usage_count: null,
    }
    const id = await backend.storeMemory({ id: null, type, title, content, ...nothing, created_at: null })
    const memory = present(await backend.getMemory(id, false))
    assert.deepEqual([memory.tags, memory.context, memory.importance, memory.usage_count], [[], null, 0.5, 0])
  },

  'storeMemory() makes ids that are UUIDs of version 7, each another': async (backend) => {
    const { id: _, ...unnamed } = note('a')
    const ids = [
      ...(await Promise.all(Array.from({ length: 20 }, () => backend.storeMemory(unnamed)))),
      ...(await backend.storeMemories([unnamed, unnamed])),
    ]
    for (const id of ids) assert.match(id, UUID_V7)
    assert.equal(new Set(ids).size, 22)
  },

  'storeMemory() takes any text of 1 to 255 characters as an id': async (backend) => {
    const ids = [
      'x',
      'ü/\\"\'%_ 🦉',
      'a'.repeat(255),
      '🦉'.repeat(255),
      "'; DROP TABLE nodes; --",
      '__proto__',
      ' ',
    ]
    for (const id of ids) {
      assert.equal(await backend.storeMemory(note(id, { title: 'Odd id' })), id)
      assert.equal((await backend.getMemory(id))?.id, id)
    }
    assert.deepEqual(idsOf(await backend.getMemories(ids)), ids)
  },

  'storeMemory() lower-cases, trims and deduplicates tags, and drops empty ones': async (backend) => {
    await backend.storeMemory(
      note('a', { tags: ['  Retry ', 'RETRY', 'two words', '', '  ', 'Ünïcode', 'a"b'] }),
    )
    assert.deepEqual((await backend.getMemory('a'))?.tags, ['retry', 'two words', 'ünïcode', 'a"b'])
  },

  'storeMemory() trims the title and leaves the content as it is': async (backend) => {
    await backend.storeMemory(note('a', { title: '  Spaces \n', content: '  indented\n' }))
    const memory = present(await backend.getMemory('a'))
    assert.deepEqual([memory.title, memory.content], ['Spaces', '  indented\n'])
  },

  'storeMemory() keeps any text to the letter': async (backend) => {
    const texts = [
      `'single' "double" \`back\` \\ / \\n \\u0041 \${x} $1 ? :name @name`,
      '100% _under_ *star* (paren [bracket {brace',
      'Ünïcödé ÅÄÖ ß ſ ǆ e\u0301 ﬁ',
      '日本語のメモ 한국어 العربية हिन्दी',
      '🦉👩‍👩‍👧‍👦🏳️‍🌈 \u{10ffff} \ufffd \ufeff',
      'line\nline\r\nline\ttab \u0001\u001f\u007f\u2028\u2029',
      'null',
      '{"json": [1, 2]}',
      '[1]',
      '0123',
    ]
    for (const text of texts) {
      const fields = {
        content: text,
        summary: text,
        updated_by: text,
        context: { user_id: text, files_involved: [text] },
      }
      await backend.storeMemory(note('a', { ...fields, title: `t ${text} t` }))
      const memory = present(await backend.getMemory('a'))
      assert.equal(memory.title, `t ${text} t`)
      assert.deepEqual([memory.content, memory.summary, memory.updated_by], [text, text, text])
      assert.deepEqual([memory.context?.user_id, memory.context?.files_involved], [text, [text]])
    }
  },

  'storeMemory() keeps fractions and counts exactly': async (backend) => {
    for (const value of [0, 1, 0.1, 1 / 3, 1e-7, 5e-324, 0.30000000000000004]) {
      await backend.storeMemory(note('a', { importance: value, confidence: value, effectiveness: value }))
      const memory = present(await backend.getMemory('a'))
      assert.deepEqual([memory.importance, memory.confidence, memory.effectiveness], [value, value, value])
    }
    await backend.storeMemory(note('a', { usage_count: Number.MAX_SAFE_INTEGER }))
    assert.equal((await backend.getMemory('a'))?.usage_count, Number.MAX_SAFE_INTEGER)
  },

  'storeMemory() over a stored memory replaces its fields': async (backend) => {
    await backend.storeMemory(COMPLETE_MEMORY)
    await backend.storeMemory(note('complete'))
    const memory = present(await backend.getMemory('complete'))
    assert.deepEqual(
      [memory.title, memory.summary, memory.context, memory.tags],
      ['Note complete', null, null, []],
    )
    assert.deepEqual([memory.effectiveness, memory.usage_count, memory.updated_by], [null, 0, null])
  },

  'storeMemory() over a stored memory keeps its relationships and created_at': async (backend) => {
    await storeSamples(backend)
    const relationship = await backend.getRelationship('backoff-solves-timeout')
    await backend.storeMemory(note('retry-backoff', { created_at: '2001-01-01T00:00:00Z' }))
    const memory = present(await backend.getMemory('retry-backoff'))
    assert.equal(memory.created_at, '2026-01-06T12:00:00.000000+00:00')
    assert.ok(memory.updated_at > memory.created_at)
    assert.deepEqual(memory.relationships, { solves: ['Gateway timeout under load'] })
    assert.deepEqual(await backend.getRelationship('backoff-solves-timeout'), relationship)
  },

  'storeMemory() over a stored memory keeps properties that are not ours': async (backend) => {
    await backend.storeMemory(note('a'))
    const [node] = await backend.getNodes(['a'])
    const foreign = { foreign_key: { deep: [1, 'x'] } }
    await backend.putNodes([{ id: 'a', label: 'Memory', properties: { ...node?.properties, ...foreign } }])
    await backend.storeMemory(note('a', { title: 'Replaced' }))
    const [replaced] = await backend.getNodes(['a'])
    assert.deepEqual(replaced?.properties['foreign_key'], foreign.foreign_key)
    assert.equal(replaced?.properties['title'], 'Replaced')
  },

  'storeMemory() takes back a memory that was read': async (backend) => {
    await backend.storeMemory(COMPLETE_MEMORY)
    await storeNotes(backend, 'other')
    await join(backend, 'r', 'complete', 'other')
    const read = present(await backend.getMemory('complete'))
    await backend.storeMemory(read)
    assert.deepEqual(lastingPartOf(await backend.getMemory('complete')), lastingPartOf(read))
    const [hit] = await backend.searchMemories({ query: 'everything' })
    await backend.storeMemory(present(hit))
    assert.deepEqual(lastingPartOf(await backend.getMemory('complete')), lastingPartOf(read))
  },

  'storeMemory() refuses an id that a node of another label has': async (backend) => {
    await backend.putNodes([{ id: 'taken', label: 'Task', properties: { done: false } }])
    await rejectsWith('MG_CONFLICT', () => backend.storeMemory(note('taken')))
    await rejectsWith('MG_CONFLICT', () => backend.storeMemories([note('free'), note('taken')]))
    assert.deepEqual(await backend.getNodes(['taken', 'free']), [
      { id: 'taken', label: 'Task', properties: { done: false } },
    ])
  },
})
