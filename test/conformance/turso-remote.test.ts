import { afterAll, describe, it } from 'vitest'
import { TursoBackend } from '../../src/backends/turso/turso-backend.js'
import { testGraphBackend } from '../../src/testing/index.js'
import { SqldPool } from '../support/sqld-pool.js'

const servers = new SqldPool()
afterAll(() => servers[Symbol.asyncDispose]())

testGraphBackend({
  name: 'TursoBackend on a primary',
  create: async () => {
    const sqld = await servers.take()
    const options = { url: sqld.url, mode: 'remote' } as const
    return {
      backend: await TursoBackend.create(options),
      sameStore: () => TursoBackend.create(options),
      withOptions: (records) => TursoBackend.create({ ...options, ...records }),
      unconnected: new TursoBackend(options),
      dispose: () => servers.giveBack(sqld),
    }
  },
  runner: { describe, it },
})
