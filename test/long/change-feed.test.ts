import { join } from 'node:path'
import { expect, it } from 'vitest'
import { TursoBackend } from '../../src/backends/turso/turso-backend.js'
import { scratchFolder } from '../support/scratch.js'

it('the change feed keeps the newest 100,000 changes, however they were made', async () => {
  await using backend = await TursoBackend.create({ path: join(scratchFolder(), 'memory.db') })
  for (let round = 0; round < 3; round++) {
    const nodes = Array.from({ length: 60_000 }, (_, at) => ({
      id: `n${round}-${at}`,
      label: 'Task',
      properties: {},
    }))
    await backend.putNodes(nodes)
  }
  let kept = 0
  for await (const change of backend.changes()) kept = change.seq > 0 ? kept + 1 : kept
  expect(kept).toBeGreaterThanOrEqual(100_000)
  expect(kept).toBeLessThanOrEqual(110_000)
  await expect(backend.changes({ after: 0 })[Symbol.asyncIterator]().next()).rejects.toMatchObject({
    code: 'MG_CHANGES_PRUNED',
  })
})
