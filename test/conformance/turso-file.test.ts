import { join } from 'node:path'
import { describe, it } from 'vitest'
import { TursoBackend } from '../../src/backends/turso/turso-backend.js'
import { testGraphBackend } from '../../src/testing/index.js'
import { scratchFolder } from '../support/scratch.js'

testGraphBackend({
  name: 'TursoBackend on a file',
  create: async () => {
    const folder = scratchFolder()
    const path = join(folder, 'memory.db')
    return {
      backend: await TursoBackend.create({ path }),
      sameStore: () => TursoBackend.create({ path }),
      withOptions: (options) => TursoBackend.create({ path, ...options }),
      unconnected: new TursoBackend({ path: join(folder, 'other.db') }),
    }
  },
  runner: { describe, it },
})
