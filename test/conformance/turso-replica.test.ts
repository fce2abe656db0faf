import { join } from 'node:path'
import { afterAll, describe, it } from 'vitest'
import { TursoBackend } from '../../src/backends/turso/turso-backend.js'
import {
  type CreatedBackend,
  type GraphBackendCase,
  graphBackendCases,
  runGraphBackendCase,
} from '../../src/testing/index.js'
import { ReplicaPool } from '../support/replica-pool.js'
import { scratchFolder } from '../support/scratch.js'

/*
 * A replica reads as a local file does and writes as a primary alone does, and both are given every case. Here it is given those in
 * which that matters, and some of all; `npm run test:long` gives it every case.
 */

const WHERE_IT_MATTERS: ReadonlySet<string> = new Set([
  'rig',
  'bulk',
  'changes',
  'raw query',
  'versions',
  'vector search',
  'audit log',
])

const isLong = process.env['TEST_LONG'] === 'yes'
const about = 'TursoBackend on a local copy of a primary'

function isInSample({ group }: GraphBackendCase, at: number): boolean {
  return isLong || WHERE_IT_MATTERS.has(group) || at % 3 === 0
}

describe(isLong ? about : `${about}: a sample`, () => {
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
  for (const testCase of graphBackendCases.filter(isInSample))
    it(`${testCase.group}: ${testCase.name}`, () => runGraphBackendCase(testCase, create))
})
