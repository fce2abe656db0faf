import assert from 'node:assert/strict'
import { codeOf, rejectsWith } from '../assertions.js'
import { casesOf, type GraphBackendCase } from '../graph-backend-case.js'
import { isSupported, METHOD_CALLS, type MethodCall } from '../method-calls.js'
import { storeNotes } from '../samples.js'

/** Options that need a capability although their method does not. */
const OPTIONS: readonly MethodCall[] = [
  {
    method: 'getMemory() with asOf',
    needs: 'history',
    call: (backend) => backend.getMemory('stored', { asOf: '2026-01-01T00:00:00Z' }),
  },
  {
    method: 'updateMemory() with expectedVersion',
    needs: 'history',
    call: (backend) => backend.updateMemory({ id: 'stored', title: 'New' }, { expectedVersion: 1 }),
  },
]

const CALLS: readonly MethodCall[] = [
  ...METHOD_CALLS.filter(({ needs }) => needs !== null).map((entry) => ({
    ...entry,
    method: `${entry.method}()`,
  })),
  ...OPTIONS,
]

/** Where a capability is false, its methods exist and refuse. Where it is true, they do not refuse. */
export const refusalCases: readonly GraphBackendCase[] = CALLS.flatMap(({ method, needs, call }) =>
  casesOf('refusals', {
    [`${method} is refused exactly where the capability for it is missing`]: async (backend) => {
      await storeNotes(backend, 'stored')
      if (isSupported(backend.capabilities, needs)) {
        assert.notEqual(
          await codeOf(() => call(backend)),
          'MG_NOT_SUPPORTED',
          `${method} although ${needs} is declared`,
        )
      } else {
        await rejectsWith('MG_NOT_SUPPORTED', () => call(backend), method)
        assert.equal((await backend.getMemory('stored'))?.title, 'Note stored')
      }
    },
  }),
)
