import { describe, it } from 'vitest'
import { TursoBackend } from '../../src/backends/turso/turso-backend.js'
import { testGraphBackend } from '../../src/testing/index.js'

testGraphBackend({
  name: 'TursoBackend in memory',
  create: async () => ({
    backend: await TursoBackend.create({ path: ':memory:' }),
    withOptions: (options) => TursoBackend.create({ path: ':memory:', ...options }),
    unconnected: new TursoBackend({ path: ':memory:' }),
  }),
  runner: { describe, it },
})
