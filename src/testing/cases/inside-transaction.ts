import assert from 'node:assert/strict'
import { setTimeout as after } from 'node:timers/promises'
import { codeOf, countMemories, rejectsWith } from '../assertions.js'
import type { GraphBackendCase } from '../graph-backend-case.js'
import { isSupported, METHOD_CALLS } from '../method-calls.js'
import { note } from '../samples.js'
import { transactionCasesOf } from '../transaction-cases.js'

/** The backend itself is out of bounds inside the work of its own transaction. */
export const insideTransactionCases: readonly GraphBackendCase[] = METHOD_CALLS.flatMap(
  ({ method, needs, call }) =>
    transactionCasesOf({
      [`${method}() of the backend rejects inside the work of its own transaction()`]: async (backend) => {
        const supported = isSupported(backend.capabilities, needs)
        const expected = supported
          ? (['MG_IN_TRANSACTION'] as const)
          : (['MG_IN_TRANSACTION', 'MG_NOT_SUPPORTED'] as const)
        await backend.transaction(async (tx) => {
          await tx.storeMemory(note('a'))
          await rejectsWith(expected, () => call(backend), `${method}()`)
          await after(1)
          await rejectsWith(expected, () => call(backend), `${method}() later`)
        })
        assert.equal(await countMemories(backend), 1)
        assert.notEqual(await codeOf(() => call(backend)), 'MG_IN_TRANSACTION', `${method}() afterwards`)
      },
    }),
)
