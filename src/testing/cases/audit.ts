import assert from 'node:assert/strict'
import type { AuditEntry, GraphBackend } from '../../backends/graph-backend.js'
import { collect, failureOf, rejectsWith } from '../assertions.js'
import { casesOf, type GraphBackendCase } from '../graph-backend-case.js'
import { isSupported, METHOD_CALLS } from '../method-calls.js'
import { join, note, storeNotes } from '../samples.js'

const ACTOR = 'the kit'
/** Methods that are no operations on what is stored. */
const UNRECORDED: readonly string[] = ['transaction', 'changes', 'auditEntries', 'sync']

/** A case for backends that can keep an audit log; of others it demands that theirs is empty. */
function audited(run: (backend: GraphBackend) => Promise<void>): GraphBackendCase['run'] {
  return async (backend, { withOptions }) => {
    if (withOptions) return run(await withOptions({ auditLog: { actor: ACTOR } }))
    await storeNotes(backend, 'a')
    assert.deepEqual(await collect(backend.auditEntries()), [])
  }
}

/** What entries say, without when and who; in the order of their texts, since those of reads come later. */
async function entriesOf(backend: GraphBackend): Promise<string[]> {
  const entries = await collect(backend.auditEntries())
  return entries.map(({ operation, ids, count }) => `${operation} ${count}: ${ids.join(' ')}`.trim()).sort()
}

/** Who read and wrote what. */
export const auditCases: readonly GraphBackendCase[] = casesOf('audit log', {
  'auditEntries() yields nothing where no audit log is kept': async (backend) => {
    for (const { needs, call } of METHOD_CALLS)
      if (isSupported(backend.capabilities, needs)) await failureOf(() => call(backend))
    await storeNotes(backend, 'a')
    assert.deepEqual(await collect(backend.auditEntries()), [])
    assert.deepEqual(await collect(backend.auditEntries({ after: 7 })), [])
  },

  'auditEntries() refuses what is no position': async (backend) => {
    for (const after of [-1, 1.5, '1', Number.NaN, {}]) {
      const read = (): Promise<AuditEntry[]> => collect(backend.auditEntries({ after: after as never }))
      await rejectsWith('MG_VALIDATION', read, String(after))
    }
    await rejectsWith('MG_VALIDATION', () => collect(backend.auditEntries({ since: 1 } as never)))
  },

  'auditEntries() tells of every method that was called, and of none that failed': audited(
    async (backend) => {
      const expected: string[] = []
      for (const { method, needs, call } of METHOD_CALLS) {
        if (!isSupported(backend.capabilities, needs)) continue
        const hasFailed = (await failureOf(() => call(backend))) !== undefined
        // What is called on a view is told of as if it were called on the backend.
        const operation = method === 'scoped' ? 'getMemory' : method
        if (!hasFailed && !UNRECORDED.includes(method)) expected.push(operation)
      }
      const entries = await collect(backend.auditEntries())
      assert.deepEqual(entries.map(({ operation }) => operation).sort(), expected.sort())
    },
  ),

  'auditEntries() tells that a view was asked for by graph(), and each time that it was asked, without ids':
    audited(async (backend) => {
      if (!backend.capabilities.graph) return
      await storeNotes(backend, 'a', 'b')
      const view = await backend.graph()
      assert.deepEqual(await entriesOf(backend), ['graph 0:', 'storeMemories 2: a b'])
      for (const read of [() => view.load(), () => view.neighbors('a'), () => view.components()]) {
        const before = (await entriesOf(backend)).length
        await read()
        const entries = (await entriesOf(backend)).filter((entry) => entry.startsWith('graph'))
        assert.ok((await entriesOf(backend)).length > before, String(read))
        assert.deepEqual([...new Set(entries)], ['graph 0:'])
      }
    }),

  'auditEntries() says who, when, and at which position': audited(async (backend) => {
    const before = new Date()
    await storeNotes(backend, 'a', 'b')
    await backend.storeMemory(note('c'))
    const entries = await collect(backend.auditEntries())
    assert.deepEqual(
      entries.map(({ actor, operation, ids, count }) => ({ actor, operation, ids, count })),
      [
        { actor: ACTOR, operation: 'storeMemories', ids: ['a', 'b'], count: 2 },
        { actor: ACTOR, operation: 'storeMemory', ids: ['c'], count: 1 },
      ],
    )
    const [first, second] = entries as [AuditEntry, AuditEntry]
    assert.ok(first.seq < second.seq)
    for (const { at } of entries) {
      assert.match(at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00$/)
      assert.ok(Date.parse(at) >= before.getTime() - 1 && Date.parse(at) <= Date.now() + 1, at)
    }
    assert.deepEqual(await collect(backend.auditEntries({ after: first.seq })), [second])
    assert.deepEqual(await collect(backend.auditEntries({ after: second.seq })), [])
    assert.deepEqual(await collect(backend.auditEntries({ after: null })), entries)
  }),

  'auditEntries() names what was written': audited(async (backend) => {
    await storeNotes(backend, 'a', 'b')
    await join(backend, 'ab', 'a', 'b')
    await backend.updateMemory({ id: 'a', title: 'New' })
    await backend.updateMemory({ id: 'absent', title: 'New' })
    await backend.updateRelationshipProperties('ab', { strength: 0.25 })
    await backend.deleteRelationship('ab')
    await backend.deleteRelationship('ab')
    await backend.deleteMemory('b')
    await backend.putNodes([{ id: 'task', label: 'Task', properties: {} }])
    await backend.deleteNodes(['task', 'task'])
    assert.deepEqual(
      (await entriesOf(backend)).filter((entry) => !entry.startsWith('createRelationship')),
      [
        'deleteMemory 1: b',
        'deleteNodes 1: task',
        'deleteRelationship 0:',
        'deleteRelationship 1: ab',
        'putNodes 1: task',
        'storeMemories 2: a b',
        'updateMemory 0:',
        'updateMemory 1: a',
        'updateRelationshipProperties 1: ab',
      ],
    )
  }),

  'auditEntries() names what was done with vectors': audited(async (backend) => {
    if (!backend.capabilities.vector) return rejectsWith('MG_NOT_SUPPORTED', () => backend.setEmbeddings([]))
    await storeNotes(backend, 'a', 'b')
    await backend.setEmbeddings(['a', 'b'].map((id) => ({ id, model: 'm', vector: [1, 2] })))
    await backend.getEmbeddings(['b', 'absent'])
    await backend.searchByVector([1, 2], { k: 1 })
    await backend.deleteEmbeddings(['a'])
    await backend.deleteEmbeddings(['a'])
    assert.deepEqual(
      (await entriesOf(backend)).filter((entry) => !entry.startsWith('store')),
      [
        'deleteEmbeddings 0:',
        'deleteEmbeddings 1: a',
        'getEmbeddings 1: b',
        'searchByVector 1: a',
        'setEmbeddings 2: a b',
      ],
    )
  }),

  'auditEntries() names what was read': audited(async (backend) => {
    await storeNotes(backend, 'a', 'b')
    await join(backend, 'ab', 'a', 'b')
    const { seq = 0 } = (await collect(backend.auditEntries())).at(-1) ?? {}
    await backend.getMemory('a')
    await backend.getMemory('absent')
    await backend.getMemories(['b', 'absent'])
    const [found] = await backend.searchMemories({ limit: 1, offset: 1 })
    await backend.searchMemoriesPaginated({ tags: ['nothing has it'] })
    await backend.recallMemories('the')
    await backend.getRelatedMemories('a')
    await backend.getRelationship('ab')
    await collect(backend.listRelationships())
    await backend.getRecentActivity()
    const entries = await collect(backend.auditEntries({ after: seq }))
    assert.deepEqual(
      entries.map(({ operation, ids }) => `${operation}: ${ids.toSorted().join(' ')}`.trim()),
      [
        'getMemory: a',
        'getMemory:',
        'getMemories: b',
        `searchMemories: ${found?.id}`,
        'searchMemoriesPaginated:',
        'recallMemories:',
        'getRelatedMemories: ab b',
        'getRelationship: ab',
        'listRelationships: ab',
        'getRecentActivity: a b',
      ],
    )
  }),

  'auditEntries() names a hundred ids, and says how many there were': audited(async (backend) => {
    const ids = Array.from({ length: 130 }, (_, at) => `note-${at}`)
    await storeNotes(backend, ...ids)
    const [stored] = await collect(backend.auditEntries())
    assert.deepEqual(stored?.ids, ids.slice(0, 100))
    assert.equal(stored?.count, 130)
    await collect(backend.listMemories())
    const read = (await collect(backend.auditEntries({ after: stored?.seq }))).flatMap((entry) => entry.ids)
    assert.deepEqual(read.sort(), ids.toSorted())
  }),

  'auditEntries() holds nothing of what is stored or asked': audited(async (backend) => {
    const secret = 'zanzibar'
    await backend.storeMemory({
      ...note('a', { title: secret, content: secret }),
      tags: [secret],
      context: { project_path: secret },
    })
    await backend.searchMemories({ query: secret })
    await backend.recallMemories(secret)
    await backend.putNodes([{ id: 'task', label: 'Task', properties: { secret } }])
    const text = JSON.stringify(await collect(backend.auditEntries()))
    assert.ok(!text.includes(secret), text)
    assert.match(text, /"recallMemories","ids":\["a"\]/)
  }),

  'auditEntries() tells of a transaction that was stored, and not of one that was undone': audited(
    async (backend) => {
      if (!backend.capabilities.transactions) return
      const work = (fault: Error | null): Promise<void> =>
        backend.transaction(async (tx) => {
          await tx.storeMemory(note('a'))
          await failureOf(() => tx.storeMemories([note('b'), { ...note('c'), title: '' }]))
          await failureOf(() =>
            tx.createRelationships([{ from_memory_id: 'a', to_memory_id: 'gone', type: 'SOLVES' }]),
          )
          await tx.getMemory('a')
          if (fault) throw fault
        })
      await failureOf(() => work(new Error('undone')))
      assert.deepEqual(await entriesOf(backend), [])
      await work(null)
      assert.deepEqual(await entriesOf(backend), ['getMemory 1: a', 'storeMemory 1: a'])
    },
  ),
})
