import assert from 'node:assert/strict'
import type { BulkOptions, GraphBackend, GraphTransaction } from '../../backends/graph-backend.js'
import { codeOf, collect, failureOf, idSetOf, idsOf } from '../assertions.js'
import type { GraphBackendCase } from '../graph-backend-case.js'
import { note, storeNotes } from '../samples.js'
import { transactionCasesOf } from '../transaction-cases.js'

const MANY = 600
const numbers = Array.from({ length: MANY }, (_, at) => at)
const memories = numbers.map((at) => note(`memory-${at}`, { title: `Zebra ${at}` }))
const nodes = numbers.map((at) => ({ id: `node-${at}`, label: 'Zebra', properties: { at } }))
const relationships = numbers.map((at) => ({
  id: `relationship-${at}`,
  from_memory_id: 'one',
  to_memory_id: 'two',
  type: 'SOLVES',
}))

/** A bulk method inside a transaction: with entries that are fine, and with a last one that only the store can refuse. */
type Bulk = {
  readonly method: string
  readonly good: (tx: GraphTransaction, options?: BulkOptions) => Promise<string[]>
  readonly bad: (tx: GraphTransaction) => Promise<string[]>
}

const BULKS: readonly Bulk[] = [
  {
    method: 'storeMemories',
    good: (tx, options) => tx.storeMemories(memories, options),
    bad: (tx) => tx.storeMemories([...memories, note('task')]),
  },
  {
    method: 'createRelationships',
    good: (tx, options) => tx.createRelationships(relationships, options),
    bad: (tx) =>
      tx.createRelationships([
        ...relationships,
        { from_memory_id: 'one', to_memory_id: 'absent', type: 'SOLVES' },
      ]),
  },
  {
    method: 'putNodes',
    good: (tx, options) => tx.putNodes(nodes, options),
    bad: (tx) => tx.putNodes([...nodes, { id: 'one', label: 'Zebra', properties: {} }]),
  },
]

/** Thrown out of a transaction by a case that found nothing to interrupt. */
const STORED_WHOLE = new Error('stored in one step')

/** What every case begins with: two notes, one of them patched in the transaction, and a node of another label. */
async function prepare(backend: GraphBackend): Promise<void> {
  await storeNotes(backend, 'one', 'two')
  await backend.putNodes([{ id: 'task', label: 'Task', properties: {} }])
}

/** What is in the store of the bulks, and how many changes the feed tells of. */
async function traces(backend: GraphBackend): Promise<readonly unknown[]> {
  return [
    idsOf(await collect(backend.listMemories())),
    idSetOf(await collect(backend.listRelationships())),
    idsOf(await backend.findNodes({ label: 'Zebra', limit: 1000 })),
    idsOf(await backend.searchMemories({ query: 'zebra', limit: 1000 })).length,
    idsOf(await backend.getNodes(['task'])),
    (await collect(backend.changes())).length,
  ]
}

/** Runs a bulk that fails between two other writes, and asserts that these alone are stored. */
async function leavesNothing(
  backend: GraphBackend,
  bulk: (tx: GraphTransaction) => Promise<unknown>,
): Promise<void> {
  await prepare(backend)
  const whole = await failureOf(() => failBetweenWrites(backend, bulk))
  if (whole === STORED_WHOLE) return
  if (whole !== undefined) throw whole
  assert.deepEqual(await traces(backend), [['before', 'later', 'one', 'two'], [], [], 0, ['task'], 5])
}

function failBetweenWrites(
  backend: GraphBackend,
  bulk: (tx: GraphTransaction) => Promise<unknown>,
): Promise<void> {
  return backend.transaction(async (tx) => {
    await tx.storeMemory(note('before'))
    const failure = await failureOf(() => bulk(tx))
    if (failure === STORED_WHOLE) throw failure
    assert.notEqual(failure, undefined, 'the bulk should reject')
    assert.equal((await tx.searchMemories({ query: 'zebra' })).length, 0, 'seen inside the transaction')
    assert.equal((await tx.findNodes({ label: 'Zebra' })).length, 0, 'seen inside the transaction')
    await tx.storeMemory(note('later'))
  })
}

function casesOfBulk({ method, good, bad }: Bulk): readonly GraphBackendCase[] {
  return transactionCasesOf({
    [`${method}() inside transaction() that is refused at its end leaves nothing`]: (backend) =>
      leavesNothing(backend, bad),

    [`${method}() inside transaction() that is aborted under way leaves nothing`]: (backend) =>
      leavesNothing(backend, async (tx) => {
        const controller = new AbortController()
        let isWhole = false
        const onProgress: BulkOptions['onProgress'] = ({ done, total }) => {
          isWhole ||= !controller.signal.aborted && done === total
          controller.abort()
        }
        const code = await codeOf(() => good(tx, { signal: controller.signal, onProgress }))
        // One that stores everything in one step cannot be aborted under way any more.
        assert.ok(code === 'MG_ABORTED' || (code === undefined && isWhole), String(code))
        throw isWhole ? STORED_WHOLE : new Error('aborted')
      }),

    [`${method}() inside transaction() whose onProgress throws leaves nothing`]: (backend) =>
      leavesNothing(backend, (tx) =>
        good(tx, {
          onProgress: ({ done, total }) => {
            if (done === total) throw new Error('thrown by onProgress')
          },
        }),
      ),
  })
}

/** Bulks inside a transaction: each all or nothing. */
export const bulkInTransactionCases: readonly GraphBackendCase[] = [
  ...BULKS.flatMap(casesOfBulk),
  ...transactionCasesOf({
    'storeMemories() and putNodes() started together inside transaction() both end whole': async (
      backend,
    ) => {
      await prepare(backend)
      await backend.transaction(async (tx) => {
        const ids = await Promise.all([
          tx.storeMemories(memories),
          tx.putNodes(nodes),
          tx.createRelationships(relationships),
        ])
        assert.deepEqual(ids, [idsOf(memories), idsOf(nodes), idsOf(relationships)])
      })
      const [stored, joined, put, found] = await traces(backend)
      assert.deepEqual(stored, ['one', 'two', ...idsOf(memories)].sort())
      assert.deepEqual([joined, put], [idSetOf(relationships), idSetOf(nodes)])
      assert.equal(found, MANY)
    },

    'storeMemories() started inside transaction() together with a bulk that fails ends whole': async (
      backend,
    ) => {
      await prepare(backend)
      await backend.transaction(async (tx) => {
        const [bad, good, alsoBad] = await Promise.allSettled([
          BULKS[2]?.bad(tx),
          tx.storeMemories(memories),
          BULKS[1]?.bad(tx),
        ])
        assert.deepEqual([bad.status, good.status, alsoBad.status], ['rejected', 'fulfilled', 'rejected'])
      })
      const [stored, joined, put, found] = await traces(backend)
      assert.deepEqual(stored, ['one', 'two', ...idsOf(memories)].sort())
      assert.deepEqual([joined, put, found], [[], [], MANY])
    },

    'storeMemories() that the work of transaction() does not wait for is stored whole or not at all': async (
      backend,
    ) => {
      await prepare(backend)
      const bulks: Promise<unknown>[] = []
      await backend.transaction(async (tx) => {
        await tx.storeMemory(note('before'))
        const begun = new Promise<void>((resolve) => {
          const bulk = tx.storeMemories(memories, { onProgress: ({ done }) => done > 0 && resolve() })
          bulks.push(bulk.catch(() => resolve()))
        })
        await begun
      })
      await backend.transaction(async (tx) => {
        await tx.storeMemory(note('later'))
        await Promise.all(bulks)
        await tx.putNodes(nodes)
      })
      const [stored, , put, found] = await traces(backend)
      assert.ok(found === 0 || found === MANY, `${found} of ${MANY} are stored`)
      const whole = found === 0 ? [] : idsOf(memories)
      assert.deepEqual(stored, ['before', 'later', 'one', 'two', ...whole].sort())
      assert.deepEqual(put, idSetOf(nodes))
    },
  }),
]
