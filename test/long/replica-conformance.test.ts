import { afterAll, describe, it } from 'vitest'
import { testGraphBackend } from '../../src/testing/index.js'
import { ReplicaPool } from '../support/replica-pool.js'
import { createOnReplica } from '../support/replica-rig.js'

const replicas = new ReplicaPool()
afterAll(() => replicas[Symbol.asyncDispose]())

testGraphBackend({
  name: 'TursoBackend on a local copy of a primary',
  create: () => createOnReplica(replicas),
  runner: { describe, it },
})
