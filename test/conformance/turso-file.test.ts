import { join } from 'node:path'
import { describe, it } from 'vitest'
import { TursoBackend } from '../../src/backends/turso/turso-backend.js'
import { testGraphBackend } from '../../src/testing/index.js'
import { temporaryFolder } from '../support/temporary-folder.js'

testGraphBackend({
  name: 'TursoBackend on a file',
  create: async () => {
    const folder = await temporaryFolder()
    return {
      backend: await TursoBackend.create({ path: join(folder.path, 'memory.db') }),
      unconnected: new TursoBackend({ path: join(folder.path, 'other.db') }),
      dispose: folder.remove,
    }
  },
  runner: { describe, it },
})
