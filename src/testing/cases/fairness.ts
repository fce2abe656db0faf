import assert from 'node:assert/strict'
import { rejectsWith } from '../assertions.js'
import { casesOf, type GraphBackendCase } from '../graph-backend-case.js'
import { note, storeNotes } from '../samples.js'
import { transactionCasesOf } from '../transaction-cases.js'

const MOST_CALLS = 20_000
const TURNS = 10

/** Asserts that timers and immediates of the application have their turns while calls are awaited one after the other. */
async function leavesTurns(call: (at: number) => Promise<unknown>): Promise<void> {
  const turns = { timer: 0, immediate: 0 }
  const timer = setInterval(() => turns.timer++, 5)
  let immediate = setImmediate(function again() {
    turns.immediate++
    immediate = setImmediate(again)
  })
  try {
    for (let at = 0; at < MOST_CALLS && Math.min(turns.timer, turns.immediate) < TURNS; at++) await call(at)
  } finally {
    clearInterval(timer)
    clearImmediate(immediate)
  }
  assert.ok(turns.timer >= TURNS, `timers had ${turns.timer} turns`)
  assert.ok(turns.immediate >= TURNS, `immediates had ${turns.immediate} turns`)
}

/** The application goes on while a backend is kept busy. */
export const fairnessCases: readonly GraphBackendCase[] = [
  ...casesOf('bulk', {
    'storeMemory() called over and over leaves the application its turns': (backend) =>
      leavesTurns((at) => backend.storeMemory(note(`note-${at}`))),

    'getMemory() called over and over leaves the application its turns': async (backend) => {
      await storeNotes(backend, 'a')
      await leavesTurns(() => backend.getMemory('a'))
    },
  }),
  ...transactionCasesOf({
    'transaction() whose work calls tx over and over leaves the application its turns': async (backend) => {
      await backend.transaction(
        async (tx) => {
          await leavesTurns((at) => tx.storeMemory(note(`note-${at}`)))
          await leavesTurns(() => tx.getMemory('note-0'))
        },
        { timeoutMs: 60_000 },
      )
    },

    'transaction() whose work calls tx over and over rejects with MG_TIMEOUT and is undone': async (
      backend,
    ) => {
      let isFinished = false
      const slow = backend.transaction(
        async (tx) => {
          for (let at = 0; at < 5 * MOST_CALLS; at++) await tx.storeMemory(note(`note-${at % 10}`))
          isFinished = true
        },
        { timeoutMs: 50 },
      )
      await rejectsWith('MG_TIMEOUT', () => slow)
      assert.equal(isFinished, false, 'the work went on')
      assert.deepEqual(await backend.searchMemories({}), [])
      await storeNotes(backend, 'after')
      assert.deepEqual(
        (await backend.searchMemories({})).map(({ id }) => id),
        ['after'],
      )
    },
  }),
]
