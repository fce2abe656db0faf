import assert from 'node:assert/strict'
import type { Memory, MemoryPatch } from '../../model/memory.js'
import { idsOf, present } from '../assertions.js'
import { casesOf, type GraphBackendCase } from '../graph-backend-case.js'
import { COMPLETE_MEMORY, join, note, storeNotes, storeSamples } from '../samples.js'

/** What each field becomes by a value, and by `null`. */
const PATCHES: readonly (readonly [patch: Omit<MemoryPatch, 'id'>, becomes: Partial<Memory>])[] = [
  [{ type: 'task' }, { type: 'task' }],
  [{ title: ' New title ' }, { title: 'New title' }],
  [{ content: 'New content' }, { content: 'New content' }],
  [{ summary: 'New summary' }, { summary: 'New summary' }],
  [{ summary: null }, { summary: null }],
  [{ tags: ['NEW', 'new ', 'other'] }, { tags: ['new', 'other'] }],
  [{ tags: [] }, { tags: [] }],
  [{ tags: null }, { tags: [] }],
  [{ importance: 0 }, { importance: 0 }],
  [{ importance: null }, { importance: 0.5 }],
  [{ confidence: 0.25 }, { confidence: 0.25 }],
  [{ confidence: null }, { confidence: 0.8 }],
  [{ effectiveness: 1 }, { effectiveness: 1 }],
  [{ effectiveness: null }, { effectiveness: null }],
  [{ usage_count: 8 }, { usage_count: 8 }],
  [{ usage_count: null }, { usage_count: 0 }],
  [{ last_accessed: '2026-05-01' }, { last_accessed: '2026-05-01T00:00:00.000000+00:00' }],
  [{ last_accessed: null }, { last_accessed: null }],
  [{ updated_by: 'me' }, { updated_by: 'me' }],
  [{ updated_by: null }, { updated_by: null }],
  [{ created_at: '2026-05-01' }, { created_at: '2026-05-01T00:00:00.000000+00:00' }],
  [{ context: null }, { context: null }],
  [{ summary: undefined, tags: undefined, context: undefined }, {}],
  [{}, {}],
]

/** Patching memories: absent fields stay, `null` clears. */
export const updateCases: readonly GraphBackendCase[] = casesOf('updates', {
  'updateMemory() changes what the patch names and nothing else': async (backend) => {
    for (const [patch, becomes] of PATCHES) {
      await backend.deleteMemory('complete')
      await backend.storeMemory(COMPLETE_MEMORY)
      const before = present(await backend.getMemory('complete', false))
      assert.equal(await backend.updateMemory({ ...patch, id: 'complete' }), true)
      const after = present(await backend.getMemory('complete', false))
      assert.deepEqual(
        { ...after, updated_at: '', version: 0 },
        { ...before, ...becomes, updated_at: '', version: 0 },
        `after ${JSON.stringify(patch)}`,
      )
    }
  },

  'updateMemory() patches the fields of the context one by one': async (backend) => {
    await backend.storeMemory(COMPLETE_MEMORY)
    const before = present(present(await backend.getMemory('complete')).context)
    const context = {
      project_path: '/new',
      git_branch: null,
      languages: null,
      frameworks: ['Only'],
      additional_metadata: { only: 'this' },
      visibility: null,
      user_id: undefined,
    }
    await backend.updateMemory({ id: 'complete', context })
    assert.deepEqual((await backend.getMemory('complete'))?.context, {
      ...before,
      project_path: '/new',
      git_branch: null,
      languages: [],
      frameworks: ['Only'],
      additional_metadata: { only: 'this' },
      visibility: 'project',
    })
    await backend.updateMemory({ id: 'complete', context: { additional_metadata: null, session_id: null } })
    const after = present(present(await backend.getMemory('complete')).context)
    assert.deepEqual([after.additional_metadata, after.session_id, after.project_path], [{}, null, '/new'])
  },

  'updateMemory() gives a memory without a context one': async (backend) => {
    await storeNotes(backend, 'a')
    await backend.updateMemory({ id: 'a', context: { project_path: '/srv/shop' } })
    const context = present((await backend.getMemory('a'))?.context)
    assert.deepEqual(
      [context.project_path, context.languages, context.visibility],
      ['/srv/shop', [], 'project'],
    )
    assert.deepEqual(idsOf(await backend.searchMemories({ project_path: '/srv/shop' })), ['a'])
  },

  'updateMemory() resolves to false when there is no such memory, and creates none': async (backend) => {
    await backend.putNodes([{ id: 'task', label: 'Task', properties: { title: 'Task' } }])
    assert.equal(await backend.updateMemory({ id: 'unknown', title: 'New' }), false)
    assert.equal(await backend.updateMemory({ id: 'task', title: 'New' }), false)
    assert.equal(await backend.getMemory('unknown'), null)
    assert.deepEqual((await backend.getNodes(['task']))[0]?.properties, { title: 'Task' })
  },

  'updateMemory() takes back a memory that was read': async (backend) => {
    await backend.storeMemory(COMPLETE_MEMORY)
    await storeNotes(backend, 'other')
    await join(backend, 'r', 'complete', 'other')
    const read = present(await backend.getMemory('complete'))
    assert.equal(await backend.updateMemory(read), true)
    assert.deepEqual(
      { ...(await backend.getMemory('complete')), updated_at: '', version: 0 },
      { ...read, updated_at: '', version: 0 },
    )
    const [hit] = await backend.searchMemories({ query: 'everything' })
    assert.equal(await backend.updateMemory({ ...present(hit), title: 'Changed' }), true)
    assert.equal((await backend.getMemory('complete'))?.title, 'Changed')
  },

  'updateMemory() keeps relationships and properties that are not ours': async (backend) => {
    await storeNotes(backend, 'a', 'b')
    await join(backend, 'a-b', 'a', 'b')
    const [node] = await backend.getNodes(['a'])
    await backend.putNodes([
      { id: 'a', label: 'Memory', properties: { ...node?.properties, foreign: [1.5] } },
    ])
    await backend.updateMemory({ id: 'a', title: 'New' })
    assert.deepEqual((await backend.getNodes(['a']))[0]?.properties['foreign'], [1.5])
    assert.deepEqual((await backend.getMemory('a'))?.relationships, { related_to: ['Note b'] })
  },

  'updateMemory() shows at once in every search': async (backend) => {
    await storeSamples(backend)
    await backend.updateMemory({
      id: 'river-names',
      title: 'Zebra',
      content: 'Stripes.',
      tags: ['striped'],
      importance: 1,
      context: { languages: ['Rust'] },
    })
    const found = ['river-names']
    for (const query of [
      { query: 'zebra' },
      { query: 'zebr', search_tolerance: 'fuzzy' },
      { query: 'ebr', search_tolerance: 'strict' },
      { tags: ['striped'] },
      { min_importance: 1 },
      { languages: ['rust'] },
    ] as const) {
      assert.deepEqual(idsOf(await backend.searchMemories(query)), found, JSON.stringify(query))
    }
    assert.deepEqual(await backend.searchMemories({ query: 'names' }), [])
    assert.deepEqual(idsOf(await backend.recallMemories('Where is the zebra?')), found)
  },

  'updateMemory() called many times at once loses nothing': async (backend) => {
    await storeNotes(backend, 'a')
    const patches: Omit<MemoryPatch, 'id'>[] = [
      { title: 'T' },
      { content: 'C' },
      { summary: 'S' },
      { tags: ['t'] },
      { importance: 0.1 },
      { confidence: 0.2 },
      { effectiveness: 0.3 },
      { usage_count: 4 },
      { context: { user_id: 'u' } },
      { context: { team_id: 't' } },
    ]
    await Promise.all(patches.map((patch) => backend.updateMemory({ ...patch, id: 'a' })))
    const { title, content, summary, tags, importance, confidence, effectiveness, usage_count, context } =
      present(await backend.getMemory('a'))
    assert.deepEqual([title, content, summary, tags], ['T', 'C', 'S', ['t']])
    assert.deepEqual([importance, confidence, effectiveness, usage_count], [0.1, 0.2, 0.3, 4])
    assert.deepEqual([context?.user_id, context?.team_id], ['u', 't'])
  },

  'updateMemory() does not touch other memories': async (backend) => {
    await storeSamples(backend)
    const before = await backend.getMemory('slow-report')
    await backend.updateMemory(note('gateway-timeout'))
    assert.deepEqual(await backend.getMemory('slow-report'), before)
  },
})
