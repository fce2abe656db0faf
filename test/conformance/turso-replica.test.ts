import { afterAll, describe, it } from 'vitest'
import { type GraphBackendCase, graphBackendCases, runGraphBackendCase } from '../../src/testing/index.js'
import { ReplicaPool } from '../support/replica-pool.js'
import { createOnReplica } from '../support/replica-rig.js'

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
  'audit log',
])

function isInSample({ group }: GraphBackendCase, at: number): boolean {
  return WHERE_IT_MATTERS.has(group) || at % 3 === 0
}

describe('TursoBackend on a local copy of a primary: where it matters, and a sample', () => {
  const replicas = new ReplicaPool()
  afterAll(() => replicas[Symbol.asyncDispose]())

  for (const testCase of graphBackendCases.filter(isInSample)) {
    it(`${testCase.group}: ${testCase.name}`, () =>
      runGraphBackendCase(testCase, () => createOnReplica(replicas)))
  }
})
