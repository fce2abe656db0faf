import assert from 'node:assert/strict'
import type { Change, GraphBackend } from '../../backends/graph-backend.js'
import { assertPlain, collect, failureOf, rejectsWith } from '../assertions.js'
import { casesOf, type GraphBackendCase } from '../graph-backend-case.js'
import { join, note, storeNotes, storeSamples } from '../samples.js'

/** Changes after a position, as `op kind id`. */
async function changesAfter(backend: GraphBackend, after: number): Promise<string[]> {
  return (await collect(backend.changes({ after }))).map(({ op, kind, id }) => `${op} ${kind} ${id}`)
}

async function position(backend: GraphBackend): Promise<number> {
  return (await collect(backend.changes())).at(-1)?.seq ?? 0
}

/** Asserts what one piece of work adds to the feed, whatever the order within it. */
async function adds(
  backend: GraphBackend,
  work: () => Promise<unknown>,
  expected: readonly string[],
): Promise<void> {
  const before = await position(backend)
  await work()
  assert.deepEqual((await changesAfter(backend, before)).sort(), [...expected].sort())
}

/** The feed of what was written. */
export const changeCases: readonly GraphBackendCase[] = casesOf('changes', {
  'changes() tells of each write, oldest first': async (backend) => {
    await backend.storeMemory(note('a'))
    await backend.storeMemory(note('b'))
    await join(backend, 'r', 'a', 'b')
    await backend.updateMemory({ id: 'a', title: 'New' })
    await backend.updateRelationshipProperties('r', { strength: 1 })
    await backend.deleteRelationship('r')
    await backend.deleteMemory('b')
    const changes = await collect(backend.changes())
    assert.deepEqual(
      changes.map(({ op, kind, id }) => `${op} ${kind} ${id}`),
      [
        'insert node a',
        'insert node b',
        'insert relationship r',
        'update node a',
        'update relationship r',
        'delete relationship r',
        'delete node b',
      ],
    )
    assert.deepEqual(Object.keys(changes[0] ?? {}).sort(), ['id', 'kind', 'op', 'seq'])
    assertPlain(changes, 'changes')
  },

  'changes() has positions that rise': async (backend) => {
    await storeSamples(backend)
    const positions = (await collect(backend.changes())).map(({ seq }) => seq)
    assert.equal(positions.length, 9)
    for (const [at, seq] of positions.entries()) {
      assert.ok(Number.isSafeInteger(seq) && seq > (positions[at - 1] ?? 0), `${seq} at ${at}`)
    }
  },

  'changes() begins after the position given': async (backend) => {
    await storeNotes(backend, 'a', 'b', 'c')
    const all = await collect(backend.changes())
    assert.deepEqual(await collect(backend.changes({})), all)
    assert.deepEqual(await collect(backend.changes({ after: null })), all)
    assert.deepEqual(await collect(backend.changes({ after: undefined })), all)
    for (const [at, { seq }] of all.entries()) {
      assert.deepEqual(await collect(backend.changes({ after: seq })), all.slice(at + 1))
    }
    assert.deepEqual(await collect(backend.changes({ after: (all.at(-1)?.seq ?? 0) + 1000 })), [])
  },

  'changes() tells of a memory stored over another as an update': async (backend) => {
    await storeNotes(backend, 'a')
    await adds(backend, () => backend.storeMemory(note('a', { title: 'New' })), ['update node a'])
    await adds(backend, () => backend.storeMemories([note('a'), note('b')]), [
      'update node a',
      'insert node b',
    ])
  },

  'changes() tells of nodes of every label': async (backend) => {
    const task = { id: 'task', label: 'Task', properties: {} }
    await adds(backend, () => backend.putNodes([task]), ['insert node task'])
    await adds(backend, () => backend.putNodes([{ ...task, properties: { a: 1 } }]), ['update node task'])
    await adds(backend, () => backend.deleteNodes(['task', 'unknown']), ['delete node task'])
  },

  'changes() tells of relationships that go with their node': async (backend) => {
    await storeNotes(backend, 'a', 'b', 'c')
    await join(backend, 'ab', 'a', 'b')
    await join(backend, 'ca', 'c', 'a')
    await join(backend, 'bc', 'b', 'c')
    const expected = ['delete node a', 'delete relationship ab', 'delete relationship ca']
    await adds(backend, () => backend.deleteMemory('a'), expected)
  },

  'changes() tells once of a relationship that changed in several properties': async (backend) => {
    await storeNotes(backend, 'a', 'b')
    await join(backend, 'old', 'a', 'b')
    await join(backend, 'new', 'a', 'b')
    const patch = { strength: 0.25, valid_until: new Date(Date.now() + 60_000), invalidated_by: 'new' }
    await adds(backend, () => backend.updateRelationshipProperties('old', patch), ['update relationship old'])
    await adds(backend, () => backend.updateRelationshipProperties('old', { invalidated_by: null }), [
      'update relationship old',
    ])
    await adds(backend, () => backend.updateRelationshipProperties('old', { strength: 0.25 }), [])
  },

  'changes() tells nothing of reads, of refused writes and of writes that found nothing': async (backend) => {
    await storeSamples(backend)
    const nothing = async (): Promise<void> => {
      await backend.getMemory('gateway-timeout')
      await backend.searchMemories({ query: 'gateway' })
      await backend.getRelatedMemories('gateway-timeout')
      await failureOf(() => backend.storeMemory({ ...note('x'), importance: 7 }))
      await failureOf(() => backend.storeMemories([note('x'), { ...note('y'), title: '' }]))
      await failureOf(() => backend.createRelationship('gateway-timeout', 'gone', 'SOLVES'))
      await backend.updateMemory({ id: 'gone', title: 'New' })
      await backend.deleteMemory('gone')
      await backend.deleteRelationship('gone')
      await backend.deleteNodes(['gone'])
      await backend.initializeSchema()
    }
    await adds(backend, nothing, [])
  },

  'changes() tells of a transaction when it is stored, and nothing of one that is undone': async (
    backend,
  ) => {
    const { transactions } = backend.capabilities
    if (!transactions) return adds(backend, () => storeNotes(backend, 'a'), ['insert node a'])
    const work = async (fault: Error | null): Promise<unknown> =>
      failureOf(() =>
        backend.transaction(async (tx) => {
          await tx.storeMemories([note('a'), note('b')])
          await tx.createRelationships([{ id: 'r', from_memory_id: 'a', to_memory_id: 'b', type: 'SOLVES' }])
          if (fault) throw fault
        }),
      )
    await adds(backend, () => work(new Error('undone')), [])
    await adds(backend, () => work(null), ['insert node a', 'insert node b', 'insert relationship r'])
  },

  'changes() yields more than a page': async (backend) => {
    const ids = Array.from({ length: 1100 }, (_, at) => `note-${at}`)
    await storeNotes(backend, ...ids)
    const changes: Change[] = await collect(backend.changes())
    assert.deepEqual(changes.map(({ id }) => id).sort(), ids.toSorted())
  },

  'changes() refuses what is no position': async (backend) => {
    for (const after of [-1, 1.5, '1', Number.NaN, {}]) {
      await rejectsWith(
        'MG_VALIDATION',
        () => collect(backend.changes({ after: after as never })),
        String(after),
      )
    }
    await rejectsWith('MG_VALIDATION', () => collect(backend.changes({ since: 1 } as never)))
  },
})
