import { describe, it } from 'vitest'
import { TursoBackend } from '../../src/backends/turso/turso-backend.js'
import { type CreatedBackend, graphBackendCases, runGraphBackendCase } from '../../src/testing/index.js'
import { isWhole, sampleOf } from '../support/kit-sample.js'

const about = 'TursoBackend in memory'

describe(isWhole ? about : `${about}: a sample`, () => {
  const create = async (): Promise<CreatedBackend> => ({
    backend: await TursoBackend.create({ path: ':memory:' }),
    withOptions: (options) => TursoBackend.create({ path: ':memory:', ...options }),
    unconnected: new TursoBackend({ path: ':memory:' }),
  })
  for (const testCase of graphBackendCases.filter(sampleOf(8)))
    it(`${testCase.group}: ${testCase.name}`, () => runGraphBackendCase(testCase, create))
})
