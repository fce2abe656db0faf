import { describe, it } from 'vitest'
import { InMemoryBackend } from '../../src/backends/in-memory/in-memory-backend.js'
import { testGraphBackend } from '../../src/testing/index.js'

testGraphBackend({
  name: 'InMemoryBackend',
  create: async () => ({
    backend: await InMemoryBackend.create(),
    unconnected: new InMemoryBackend(),
    withOptions: (options) => InMemoryBackend.create(options),
  }),
  runner: { describe, it },
})
