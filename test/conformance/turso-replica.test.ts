import { join } from 'node:path'
import { afterAll, describe, it } from 'vitest'
import { TursoBackend } from '../../src/backends/turso/turso-backend.js'
import { type CreatedBackend, graphBackendCases, runGraphBackendCase } from '../../src/testing/index.js'
import { isWhole, sampleOf } from '../support/kit-sample.js'
import { ReplicaPool } from '../support/replica-pool.js'
import { scratchFolder } from '../support/scratch.js'

const about = 'TursoBackend on a local copy of a primary'

describe(isWhole ? about : `${about}: a sample`, () => {
  const replicas = new ReplicaPool()
  afterAll(() => replicas[Symbol.asyncDispose]())

  const create = async (): Promise<CreatedBackend> => {
    const replica = await replicas.take()
    const { options } = replica
    return {
      backend: await TursoBackend.create(options),
      sameStore: () => TursoBackend.create(options),
      withOptions: (records) => TursoBackend.create({ ...options, ...records }),
      unconnected: new TursoBackend({ ...options, path: join(scratchFolder(), 'other.db') }),
      dispose: () => replicas.giveBack(replica),
    }
  }
  for (const testCase of graphBackendCases.filter(sampleOf(8, 2)))
    it(`${testCase.group}: ${testCase.name}`, () => runGraphBackendCase(testCase, create))
})
