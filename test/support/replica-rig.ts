import { join } from 'node:path'
import { TursoBackend } from '../../src/backends/turso/turso-backend.js'
import type { CreatedBackend } from '../../src/testing/index.js'
import type { ReplicaPool } from './replica-pool.js'
import { scratchFolder } from './scratch.js'

/** A backend on a local copy of a primary, as the conformance kit wants it. */
export async function createOnReplica(replicas: ReplicaPool): Promise<CreatedBackend> {
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
