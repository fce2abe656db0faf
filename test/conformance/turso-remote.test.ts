import { afterAll, describe, it } from 'vitest'
import { TursoBackend } from '../../src/backends/turso/turso-backend.js'
import { testGraphBackend } from '../../src/testing/index.js'
import { PrimaryPool } from '../support/primary-pool.js'

const primaries = new PrimaryPool()
afterAll(() => primaries[Symbol.asyncDispose]())

testGraphBackend({
  name: 'TursoBackend on a primary',
  create: async () => {
    const primary = await primaries.take()
    const options = { url: primary.sqld.url, mode: 'remote' } as const
    return {
      backend: await TursoBackend.create(options),
      sameStore: () => TursoBackend.create(options),
      withOptions: (records) => TursoBackend.create({ ...options, ...records }),
      unconnected: new TursoBackend(options),
      dispose: () => primaries.giveBack(primary),
    }
  },
  runner: { describe, it },
})
