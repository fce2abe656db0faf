/**
 * The conformance kit: what every {@link GraphBackend} must do, as cases for any test runner.
 *
 * @packageDocumentation
 */
import { createRequire } from 'node:module'
import { graphBackendCases } from './cases.js'
import { type CreateBackend, runGraphBackendCase } from './graph-backend-case.js'

export { graphBackendCases } from './cases.js'
export {
  type CreateBackend,
  type CreatedBackend,
  type GraphBackendCase,
  type OtherBackends,
  type RecordOptions,
  runGraphBackendCase,
} from './graph-backend-case.js'

/** The two functions of a test runner that the kit uses. Vitest, Jest, Mocha, `bun:test` and `node:test` have them. */
export type TestRunner = {
  readonly describe: (name: string, body: () => void) => unknown
  readonly it: (name: string, body: () => Promise<void>) => unknown
}

/** Options of {@link testGraphBackend}. */
export type TestGraphBackendOptions = {
  /** What the backend is called in the report. */
  readonly name: string
  /** Makes a backend on a new, empty store; called afresh for every case. */
  readonly create: CreateBackend
  /** Default is the global `describe` and `it`, else those of `node:test`. */
  readonly runner?: TestRunner | undefined
}

/**
 * Registers every case of the contract with a test runner.
 *
 * Each case gets a backend of its own, which is disconnected and disposed of afterwards. What the backend declares in
 * `capabilities` decides what a case asserts: that a method works, or that it is refused. No case is ever skipped.
 *
 * ```ts
 * import { describe, it } from 'vitest'
 * import { testGraphBackend } from 'memorygraph-turso/testing'
 *
 * testGraphBackend({ name: 'MyBackend', create: () => MyBackend.create({ … }), runner: { describe, it } })
 * ```
 */
export function testGraphBackend({ name, create, runner = defaultRunner() }: TestGraphBackendOptions): void {
  runner.describe(name, () => {
    for (const group of new Set(graphBackendCases.map((testCase) => testCase.group))) {
      runner.describe(group, () => {
        for (const testCase of graphBackendCases) {
          if (testCase.group === group) runner.it(testCase.name, () => runGraphBackendCase(testCase, create))
        }
      })
    }
  })
}

function defaultRunner(): TestRunner {
  const { describe, it } = globalThis as Partial<TestRunner>
  return describe && it ? { describe, it } : (createRequire(import.meta.url)('node:test') as TestRunner)
}
