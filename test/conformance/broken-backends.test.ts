import { describe, expect, it } from 'vitest'
import { type GraphBackendCase, graphBackendCases, runGraphBackendCase } from '../../src/testing/index.js'
import { BROKEN_BACKENDS, type BrokenBackend, backendWith } from '../support/broken-backends.js'

/** The first of the cases that fails. */
async function firstFailure(
  cases: readonly GraphBackendCase[],
  overridesOf: BrokenBackend['break'],
): Promise<GraphBackendCase | null> {
  for (const testCase of cases) {
    try {
      await runGraphBackendCase(testCase, async () => ({
        backend: await backendWith(overridesOf),
        withOptions: (options) => backendWith(overridesOf, options),
      }))
    } catch {
      return testCase
    }
  }
  return null
}

describe('The conformance kit', () => {
  for (const broken of BROKEN_BACKENDS) {
    it(`finds a backend that ${broken.fault}, by its cases of ${broken.group}`, async () => {
      const cases = graphBackendCases.filter(
        ({ group, name }) => group === broken.group && name.startsWith(broken.noticedBy ?? ''),
      )
      expect(cases.length).toBeGreaterThan(0)
      const noticedBy = await firstFailure(cases, broken.break)
      if (!noticedBy) throw new Error('no case fails')
      expect(await firstFailure([noticedBy], () => ({})), 'fails without the fault, too').toBeNull()
    })
  }
})
