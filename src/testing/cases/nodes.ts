import assert from 'node:assert/strict'
import type { NodeQuery } from '../../model/node.js'
import { assertPlain, collect, countMemories, idsOf, present, rejectsWith } from '../assertions.js'
import { casesOf, type GraphBackendCase } from '../graph-backend-case.js'
import { COMPLETE_MEMORY, join, note, storeNotes } from '../samples.js'

const TASKS = [
  { id: 't1', label: 'Task', properties: { name: 'one', rank: 2, done: true, owner: 'ann' } },
  { id: 't2', label: 'Task', properties: { name: 'two', rank: 1, done: false, owner: null } },
  { id: 't3', label: 'Task', properties: { name: 'three', rank: 2, done: false } },
  { id: 't4', label: 'Task', properties: { name: 'four', rank: 10, done: true, owner: 'bob' } },
] as const
const TASK_IDS = idsOf(TASKS)

/** Nodes of any label. */
export const nodeCases: readonly GraphBackendCase[] = casesOf('nodes', {
  'putNodes() keeps any JSON and returns ids in the order given': async (backend) => {
    const properties = {
      text: 'quote " \\ % _ 🦉 日本\n',
      empty: '',
      numbers: [0, -1, 1.5, 1e21, 1e-9, Number.MAX_SAFE_INTEGER],
      nested: { list: [[], {}, [null, true]], 'odd key "': 1, '': 2 },
      nothing: null,
      created_at: 'not a time',
      odd: JSON.parse('{"__proto__": {"x": 1}, "constructor": 2, "toString": null}'),
    }
    const nodes = [
      { id: 'z', label: 'Task', properties },
      { id: 'a', label: 'Ünïcode label', properties: {} },
    ]
    assert.deepEqual(await backend.putNodes(Object.freeze(nodes)), ['z', 'a'])
    const read = await backend.getNodes(['z', 'a'])
    assert.deepEqual(read, nodes)
    assertPlain(read, 'nodes')
  },

  'putNodes() takes the place of a node with the same id, and keeps its relationships': async (backend) => {
    await storeNotes(backend, 'note')
    await backend.putNodes([TASKS[0]])
    await join(backend, 'r', 'note', 't1')
    await backend.putNodes([{ id: 't1', label: 'Task', properties: { name: 'new' } }])
    assert.deepEqual((await backend.getNodes(['t1']))[0]?.properties, { name: 'new' })
    assert.equal((await backend.getRelationship('r'))?.to_memory_id, 't1')
  },

  'putNodes() refuses the id of a node of another label, and stores none': async (backend) => {
    await storeNotes(backend, 'note')
    await rejectsWith('MG_CONFLICT', () =>
      backend.putNodes([TASKS[0], { id: 'note', label: 'Task', properties: {} }]),
    )
    await backend.putNodes([TASKS[1]])
    await rejectsWith('MG_CONFLICT', () => backend.putNodes([TASKS[0], { ...TASKS[1], label: 'Agent' }]))
    assert.deepEqual(idsOf(await backend.getNodes(TASK_IDS)), ['t2'])
    assert.equal((await backend.getMemory('note'))?.title, 'Note note')
  },

  'putNodes() refuses one id under two labels in one call, and stores none': async (backend) => {
    const tasks = Array.from({ length: 300 }, (_, at) => ({ id: `t${at}`, label: 'Task', properties: {} }))
    for (const nodes of [
      [TASKS[0], { ...TASKS[0], label: 'Agent' }],
      [...tasks, { id: 't0', label: 'Agent', properties: {} }],
    ]) {
      await rejectsWith('MG_CONFLICT', () => backend.putNodes(nodes))
      assert.deepEqual(await backend.findNodes({ label: 'Task' }), [])
      assert.deepEqual(await backend.findNodes({ label: 'Agent' }), [])
    }
  },

  'putNodes() of the same id twice counts the later one': async (backend) => {
    const [first, second] = [TASKS[0], { ...TASKS[1], id: 't1' }]
    const between = Array.from({ length: 300 }, (_, at) => ({ id: `b${at}`, label: 'Task', properties: {} }))
    assert.deepEqual(await backend.putNodes([first, second]), ['t1', 't1'])
    assert.deepEqual(await backend.getNodes(['t1']), [second])
    await backend.putNodes([second, ...between, first])
    assert.deepEqual(await backend.getNodes(['t1']), [first])
    assert.equal((await backend.findNodes({ label: 'Task', limit: 1000 })).length, 301)
  },

  'putNodes() refuses what is no node, and stores none': async (backend) => {
    const unfit: unknown[] = [
      null,
      'text',
      {},
      { id: 'a', label: 'Task' },
      { id: '', label: 'Task', properties: {} },
      { id: 'x'.repeat(256), label: 'Task', properties: {} },
      { id: 5, label: 'Task', properties: {} },
      { id: 'a', label: '', properties: {} },
      { id: 'a', label: 5, properties: {} },
      { id: 'a', label: 'Task', properties: null },
      { id: 'a', label: 'Task', properties: [] },
      { id: 'a', label: 'Task', properties: { a: Number.NaN } },
      { id: 'a', label: 'Task', properties: { a: 1n } },
      { id: 'a', label: 'Task', properties: { a: () => 1 } },
      { id: 'a', label: 'Task', properties: {}, extra: 1 },
    ]
    for (const node of unfit) {
      await rejectsWith('MG_VALIDATION', () => backend.putNodes([TASKS[0], node] as never))
    }
    for (const nodes of [null, TASKS[0], 'text']) {
      await rejectsWith('MG_VALIDATION', () => backend.putNodes(nodes as never))
    }
    assert.deepEqual(await backend.findNodes({ label: 'Task' }), [])
  },

  'putNodes() stores memories to the letter': async (backend, { another }) => {
    await backend.storeMemory(COMPLETE_MEMORY)
    const nodes = await backend.getNodes(['complete'])
    assert.equal(nodes[0]?.label, 'Memory')
    const target = await another()
    await target.putNodes(nodes)
    assert.deepEqual(await target.getNodes(['complete']), nodes)
    assert.deepEqual(await target.getMemory('complete'), await backend.getMemory('complete'))
    assert.deepEqual(idsOf(await target.searchMemories({ query: 'everything' })), ['complete'])
    assert.equal(await countMemories(target), 1)
  },

  'putNodes() refuses a node labelled Memory that is none': async (backend) => {
    for (const properties of [{}, { title: 5, content: 'x', type: 'task' }, { name: 'not a memory' }]) {
      const node = { id: 'a', label: 'Memory', properties }
      await rejectsWith('MG_VALIDATION', () => backend.putNodes([TASKS[0], node]), JSON.stringify(properties))
    }
    assert.deepEqual(await backend.getNodes(['a', 't1']), [])
    assert.equal(await countMemories(backend), 0)
  },

  'getNodes() gives those that exist, in the order asked for, memories too': async (backend) => {
    await backend.putNodes(TASKS)
    await storeNotes(backend, 'note')
    const nodes = await backend.getNodes(['t3', 'unknown', 'note', 't1'])
    assert.deepEqual(idsOf(nodes), ['t3', 'note', 't1'])
    assert.equal(present(nodes[1]).properties['title'], 'Note note')
    assert.deepEqual(await backend.getNodes([]), [])
  },

  'findNodes() heeds label, where, orderBy, limit and after': async (backend) => {
    await backend.putNodes([...TASKS, { id: 'other', label: 'Agent', properties: { rank: 1 } }])
    const expectations: readonly (readonly [Omit<NodeQuery, 'label'>, readonly string[]])[] = [
      [{}, TASK_IDS],
      [{ where: null, orderBy: null, limit: null, after: null }, TASK_IDS],
      [{ where: { name: 'two' } }, ['t2']],
      [{ where: { name: 'tw%' } }, []],
      [{ where: { rank: 2 } }, ['t1', 't3']],
      [{ where: { rank: '2' } }, []],
      [{ where: { done: true } }, ['t1', 't4']],
      [{ where: { done: false } }, ['t2', 't3']],
      [{ where: { owner: null } }, ['t2', 't3']],
      [{ where: { owner: ['ann', null] } }, ['t1', 't2', 't3']],
      [{ where: { name: ['one', 'four', 'nine'] } }, ['t1', 't4']],
      [{ where: { rank: 2, done: false } }, ['t3']],
      [{ where: { unheard: 'of' } }, []],
      [{ orderBy: 'rank' }, ['t2', 't1', 't3', 't4']],
      [{ orderBy: '-rank' }, ['t4', 't1', 't3', 't2']],
      [{ orderBy: 'name' }, ['t4', 't1', 't3', 't2']],
      [{ limit: 2 }, ['t1', 't2']],
      [{ limit: 2, after: 't2' }, ['t3', 't4']],
      [{ limit: 2, after: 't4' }, []],
      [{ orderBy: 'rank', limit: 2, after: 't1' }, ['t3', 't4']],
      [{ orderBy: '-rank', limit: 2, after: 't4' }, ['t1', 't3']],
      [{ where: { done: false }, after: 't2' }, ['t3']],
    ]
    for (const [query, ids] of expectations) {
      const found = await backend.findNodes({ label: 'Task', ...query })
      assert.deepEqual(idsOf(found), ids, JSON.stringify(query))
    }
    assert.deepEqual(await backend.findNodes({ label: 'task' }), [])
    assert.deepEqual(await backend.findNodes({ label: 'Task', where: { name: 'one' } }), [TASKS[0]])
  },

  'findNodes() gives 100 unless told otherwise': async (backend) => {
    const nodes = Array.from({ length: 120 }, (_, at) => ({ id: `n${at}`, label: 'Task', properties: {} }))
    await backend.putNodes(nodes)
    assert.equal((await backend.findNodes({ label: 'Task' })).length, 100)
    assert.equal((await backend.findNodes({ label: 'Task', limit: 10_000 })).length, 120)
  },

  'findNodes() with the label Memory finds memories': async (backend) => {
    await backend.storeMemories([
      note('a', { importance: 0.3 }),
      note('b', { importance: 0.9, type: 'task' }),
    ])
    await backend.putNodes(TASKS)
    assert.deepEqual(idsOf(await backend.findNodes({ label: 'Memory', orderBy: '-importance' })), ['b', 'a'])
    assert.deepEqual(idsOf(await backend.findNodes({ label: 'Memory', where: { type: 'task' } })), ['b'])
  },

  'findNodes() refuses what it does not know or cannot do': async (backend) => {
    const label = 'Task'
    const unfit = [
      { label: '' },
      { label: 5 },
      { label, order: 'name' },
      { label, where: 'name' },
      { label, where: { "na'me": 1 } },
      { label, where: { name: {} } },
      { label, where: { name: [] } },
      { label, orderBy: 'name; DROP TABLE nodes' },
      { label, orderBy: '' },
      { label, limit: 0 },
      { label, limit: 10_001 },
      { label, after: 5 },
      null,
    ]
    for (const query of unfit) {
      await rejectsWith('MG_VALIDATION', () => backend.findNodes(query as never), JSON.stringify(query))
    }
  },

  'deleteNodes() deletes nodes of any label with their relationships, and counts them': async (backend) => {
    await backend.putNodes(TASKS)
    await storeNotes(backend, 'a', 'b')
    await join(backend, 'r1', 'a', 't1')
    await join(backend, 'r2', 'a', 'b')
    assert.equal(await backend.deleteNodes(['t1', 'unknown', 'b', 't1']), 2)
    assert.deepEqual(idsOf(await backend.findNodes({ label: 'Task' })), ['t2', 't3', 't4'])
    assert.deepEqual(await collect(backend.listRelationships()), [])
    assert.equal(await backend.getMemory('b'), null)
    assert.equal(await backend.deleteNodes(['t1', 'b']), 0)
  },

  'getNodes() and deleteNodes() refuse what are no ids': async (backend) => {
    for (const ids of ['t1', [5], [null], null, {}]) {
      await rejectsWith('MG_VALIDATION', () => backend.getNodes(ids as never), JSON.stringify(ids))
      await rejectsWith('MG_VALIDATION', () => backend.deleteNodes(ids as never), JSON.stringify(ids))
    }
  },

  'putNodes() keeps nodes of other labels out of everything about memories': async (backend) => {
    const properties = { ...note('x'), type: 'problem', tags: ['tag'] }
    await backend.putNodes([{ id: 'x', label: 'Draft', properties: JSON.parse(JSON.stringify(properties)) }])
    assert.equal(await countMemories(backend), 0)
    assert.deepEqual(await backend.searchMemories({}), [])
    assert.deepEqual(await backend.searchMemories({ query: 'note' }), [])
    assert.deepEqual(await backend.searchMemories({ query: 'note', search_tolerance: 'strict' }), [])
    assert.deepEqual(await backend.searchMemories({ tags: ['tag'] }), [])
    assert.deepEqual(await backend.recallMemories('note'), [])
    assert.deepEqual(await collect(backend.listMemories()), [])
    assert.equal((await backend.getRecentActivity()).total_count, 0)
  },

  'findNodes() without a label gives nodes of any, in pages by id': async (backend) => {
    await backend.putNodes(TASKS)
    await storeNotes(backend, 'a', 'u')
    assert.deepEqual(idsOf(await backend.findNodes({})), ['a', ...TASK_IDS, 'u'])
    assert.deepEqual(idsOf(await backend.findNodes({ label: null, limit: 2, after: 't3' })), ['t4', 'u'])
    assert.deepEqual(idsOf(await backend.findNodes({ where: { rank: 2 } })), ['t1', 't3'])
    assert.deepEqual(idsOf(await backend.findNodes({ orderBy: '-rank', limit: 2, after: 't4' })), [
      't1',
      't3',
    ])
    await backend.deleteNodes(['t1'])
    assert.deepEqual(idsOf(await backend.findNodes({ limit: 2 })), ['a', 't2'])
  },
})
