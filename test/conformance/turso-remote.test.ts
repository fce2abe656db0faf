import { afterAll, describe, it } from 'vitest'
import { TursoBackend } from '../../src/backends/turso/turso-backend.js'
import { type CreatedBackend, graphBackendCases, runGraphBackendCase } from '../../src/testing/index.js'
import { isWhole, sampleOf } from '../support/kit-sample.js'
import { PrimaryPool } from '../support/primary-pool.js'

const about = 'TursoBackend on a primary'

describe(isWhole ? about : `${about}: a sample`, () => {
  const primaries = new PrimaryPool()
  afterAll(() => primaries[Symbol.asyncDispose]())

  const create = async (): Promise<CreatedBackend> => {
    const primary = await primaries.take()
    const options = { url: primary.sqld.url, mode: 'remote' } as const
    return {
      backend: await TursoBackend.create(options),
      sameStore: () => TursoBackend.create(options),
      withOptions: (records) => TursoBackend.create({ ...options, ...records }),
      unconnected: new TursoBackend(options),
      dispose: () => primaries.giveBack(primary),
    }
  }
  for (const testCase of graphBackendCases.filter(sampleOf(4)))
    it(`${testCase.group}: ${testCase.name}`, () => runGraphBackendCase(testCase, create))
})
