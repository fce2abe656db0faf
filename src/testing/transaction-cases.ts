import { rejectsWith } from './assertions.js'
import { casesOf, type GraphBackendCase } from './graph-backend-case.js'

/** Cases of transactions; where there are none, each asserts that they are refused. */
export function transactionCasesOf(bodies: {
  readonly [name: string]: GraphBackendCase['run']
}): readonly GraphBackendCase[] {
  const cases = Object.entries(bodies).map(([name, run]): [string, GraphBackendCase['run']] => [
    name,
    async (backend, others) => {
      if (backend.capabilities.transactions) return run(backend, others)
      await rejectsWith('MG_NOT_SUPPORTED', () => backend.transaction(async () => null), 'transaction()')
    },
  ])
  return casesOf('transactions', Object.fromEntries(cases))
}
