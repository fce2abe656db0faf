import { join } from 'node:path'
import { afterAll, describe, it } from 'vitest'
import { TursoBackend } from '../../src/backends/turso/turso-backend.js'
import { testGraphBackend } from '../../src/testing/index.js'
import { ReplicaPool } from '../support/replica-pool.js'
import { scratchFolder } from '../support/scratch.js'

const replicas = new ReplicaPool()
afterAll(() => replicas[Symbol.asyncDispose]())

testGraphBackend({
  name: 'TursoBackend on a local copy of a primary',
  create: async () => {
    const replica = await replicas.take()
    const { options } = replica
    return {
      backend: await TursoBackend.create(options),
      sameStore: () => TursoBackend.create(options),
      withOptions: (records) => TursoBackend.create({ ...options, ...records }),
      unconnected: new TursoBackend({ ...options, path: join(scratchFolder(), 'other.db') }),
      dispose: () => replicas.giveBack(replica),
    }
  },
  runner: { describe, it },
})
