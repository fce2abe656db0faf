import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import type { GraphBackend } from '../../src/backends/graph-backend.js'
import { InMemoryBackend } from '../../src/backends/in-memory/in-memory-backend.js'
import { TursoBackend } from '../../src/backends/turso/turso-backend.js'
import { scratchFolder } from '../support/scratch.js'

const MEMORY = { type: 'general', title: 'Turn', content: 'taking' }

it.each<[string, () => Promise<GraphBackend>]>([
  ['InMemoryBackend', () => InMemoryBackend.create()],
  ['TursoBackend in memory', () => TursoBackend.create({ path: ':memory:' })],
])('a read of %s gets its turn although writers never pause', async (_name, create) => {
  await using backend = await create()
  let stop = false
  const writers = [1, 2, 3].map(async () => {
    while (!stop) await backend.storeMemory(MEMORY)
  })
  expect(await backend.getMemory('nothing')).toBeNull()
  stop = true
  await Promise.all(writers)
})

it('a read inside a transaction sees all of a bulk that runs beside it, or nothing', async () => {
  await using backend = await TursoBackend.create({ path: ':memory:' })
  const seen = await backend.transaction(async (tx) => {
    let isRunning = true
    const bulk = tx.storeMemories(Array(2000).fill(MEMORY)).finally(() => {
      isRunning = false
    })
    const totals: number[] = []
    while (isRunning) totals.push((await tx.searchMemoriesPaginated({})).total_count)
    await bulk
    return totals
  })
  expect(seen.filter((total) => total !== 0 && total !== 2000)).toEqual([])
})

it('a backend that is connected inside a transaction on the same file is refused, and left closed', async () => {
  const folder = scratchFolder()
  symlinkSync(join(folder, 'memory.db'), join(folder, 'link.db'))
  await using backend = await TursoBackend.create({ path: join(folder, 'link.db') })
  const second = new TursoBackend({ path: join(folder, 'memory.db') })
  const work = backend.transaction(async () => second.connect())
  await expect(work).rejects.toMatchObject({ code: 'MG_IN_TRANSACTION' })
  expect((await second.healthCheck()).status).toBe('disconnected')
  await second.connect()
  await second.storeMemory(MEMORY)
  await second.disconnect()
  expect((await backend.getMemoryStatistics()).total_memories.count).toBe(1)
})

it('times of memories that are put as nodes are brought into the canonical form', async () => {
  await using backend = await TursoBackend.create({ path: ':memory:' })
  const times = { created_at: '20240229T123045Z', updated_at: '2024-02-29T12:30+05:30' }
  await backend.putNodes([
    { id: 'a', label: 'Memory', properties: { id: 'a', ...MEMORY, tags: [], ...times } },
  ])
  const [node] = await backend.getNodes(['a'])
  expect(node?.properties).toMatchObject({
    created_at: '2024-02-29T12:30:45.000000+00:00',
    updated_at: '2024-02-29T07:00:00.000000+00:00',
  })
  expect(
    await backend.searchMemories({ created_after: '2024-02-29', created_before: '2024-03-01' }),
  ).toHaveLength(1)
})
