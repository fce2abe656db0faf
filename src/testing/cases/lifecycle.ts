import assert from 'node:assert/strict'
import { setTimeout as after } from 'node:timers/promises'
import { codeOf, countMemories, rejectsWith } from '../assertions.js'
import { casesOf, type GraphBackendCase } from '../graph-backend-case.js'
import { isSupported, METHOD_CALLS, type MethodCall } from '../method-calls.js'
import { note, storeNotes } from '../samples.js'

/** A method that is not supported may say either: that, or that there is no connection. */
function inEveryState({ method, needs, call }: MethodCall): readonly GraphBackendCase[] {
  return casesOf('lifecycle', {
    [`${method}() rejects before connect() and after disconnect(), and not in between`]: async (
      backend,
      others,
    ) => {
      const supported = isSupported(backend.capabilities, needs)
      const expected = supported
        ? (['MG_NOT_CONNECTED'] as const)
        : (['MG_NOT_CONNECTED', 'MG_NOT_SUPPORTED'] as const)
      const { unconnected } = others
      if (unconnected) await rejectsWith(expected, () => call(unconnected), `${method}() before connect()`)
      await backend.disconnect()
      await rejectsWith(expected, () => call(backend), `${method}() after disconnect()`)
      await backend.connect()
      await backend.initializeSchema()
      assert.notEqual(
        await codeOf(() => call(backend)),
        'MG_NOT_CONNECTED',
        `${method}() after connect() again`,
      )
    },
  })
}

/** The states of a backend, and what may be called in which. */
export const lifecycleCases: readonly GraphBackendCase[] = [
  ...METHOD_CALLS.flatMap(inEveryState),
  ...casesOf('lifecycle', {
    'connect() resolves to true, however often it is called': async (backend) => {
      await storeNotes(backend, 'kept')
      assert.equal(await backend.connect(), true)
      assert.deepEqual(await Promise.all([backend.connect(), backend.connect()]), [true, true])
      assert.equal(await countMemories(backend), 1)
    },

    'connect() and initializeSchema() make a backend that has never been connected ready': async (
      backend,
      others,
    ) => {
      const subject = others.unconnected ?? backend
      assert.equal(await subject.connect(), true)
      const before = await codeOf(() => subject.getMemory('any'))
      assert.ok(before === undefined || before === 'MG_NOT_CONNECTED', `before initializeSchema(): ${before}`)
      await subject.initializeSchema()
      await storeNotes(subject, 'first')
      assert.equal(await countMemories(subject), 1)
    },

    'connect() called twice at once connects once': async (backend) => {
      await backend.disconnect()
      assert.deepEqual(await Promise.all([backend.connect(), backend.connect()]), [true, true])
      await backend.initializeSchema()
      await storeNotes(backend, 'first')
      assert.equal(await countMemories(backend), 1)
    },

    'initializeSchema() leaves what is stored as it is': async (backend) => {
      await storeNotes(backend, 'kept')
      const before = await backend.getMemory('kept')
      await backend.initializeSchema()
      await Promise.all([backend.initializeSchema(), backend.initializeSchema()])
      assert.deepEqual(await backend.getMemory('kept'), before)
      assert.equal((await backend.searchMemories({ query: 'kept' })).length, 1)
    },

    'initializeSchema() that was aborted before it began rejects with MG_ABORTED': async (
      backend,
      others,
    ) => {
      const signal = AbortSignal.abort()
      await storeNotes(backend, 'kept')
      await rejectsWith('MG_ABORTED', () => backend.initializeSchema({ signal }))
      assert.equal(await countMemories(backend), 1)
      const fresh = others.unconnected ?? backend
      await fresh.connect()
      await rejectsWith('MG_ABORTED', () => fresh.initializeSchema({ signal }), 'a new store')
      await fresh.initializeSchema()
      await storeNotes(fresh, 'first')
      assert.equal((await fresh.getMemory('first'))?.id, 'first')
    },

    'disconnect() may be called twice, also at once': async (backend) => {
      await Promise.all([backend.disconnect(), backend.disconnect()])
      await backend.disconnect()
      assert.equal((await backend.healthCheck()).status, 'disconnected')
    },

    'disconnect() waits for writes that are running': async (backend) => {
      const ids = Array.from({ length: 20 }, (_, at) => `note-${at}`)
      const stored = Promise.all(ids.map((id) => backend.storeMemory(note(id))))
      assert.deepEqual((await Promise.all([stored, backend.disconnect()]))[0], ids)
      await backend.connect()
      await backend.initializeSchema()
      if (backend.capabilities.persistent) assert.equal(await countMemories(backend), 20)
    },

    'disconnect() waits for a transaction that is running': async (backend) => {
      if (!backend.capabilities.transactions) return backend.disconnect()
      const running = backend.transaction(async (tx) => {
        await tx.storeMemory(note('a'))
        await after(20)
        await tx.storeMemory(note('b'))
        return 'stored'
      })
      assert.equal((await Promise.all([running, backend.disconnect()]))[0], 'stored')
      await backend.connect()
      await backend.initializeSchema()
      if (backend.capabilities.persistent) assert.equal(await countMemories(backend), 2)
    },

    'disconnect() keeps what a persistent store holds, and the backend can be used again': async (
      backend,
    ) => {
      await storeNotes(backend, 'before')
      const before = await backend.getMemory('before')
      await backend.disconnect()
      assert.equal(await backend.connect(), true)
      await backend.initializeSchema()
      if (backend.capabilities.persistent) {
        assert.deepEqual(await backend.getMemory('before'), before)
        assert.equal((await backend.searchMemories({ query: 'before' })).length, 1)
      }
      await storeNotes(backend, 'after')
      assert.equal((await backend.getMemory('after'))?.id, 'after')
    },

    'close() is disconnect()': async (backend) => {
      await backend.close()
      await rejectsWith('MG_NOT_CONNECTED', () => backend.getMemory('any'), 'getMemory() after close()')
      await backend.close()
    },

    '[Symbol.asyncDispose]() is disconnect()': async (backend) => {
      await backend[Symbol.asyncDispose]()
      await rejectsWith('MG_NOT_CONNECTED', () => backend.getMemory('any'), 'getMemory() after it')
      await backend[Symbol.asyncDispose]()
    },

    'listMemories() may be left before its end': async (backend) => {
      await storeNotes(backend, ...Array.from({ length: 20 }, (_, at) => `note-${at}`))
      const iterator = backend.listMemories()[Symbol.asyncIterator]()
      assert.equal((await iterator.next()).done, false)
      await iterator.return?.()
      await storeNotes(backend, 'after')
      assert.equal(await countMemories(backend), 21)
      await backend.disconnect()
    },
  }),
]
