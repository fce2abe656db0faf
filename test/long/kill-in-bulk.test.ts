import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { TursoBackend } from '../../src/backends/turso/turso-backend.js'
import { startStoring } from '../support/processes.js'
import { scratchFolder } from '../support/scratch.js'

const ROUNDS = 20
const BULK = 300

it('kill -9 in a bulk store, 20 times: sound, nothing acknowledged is lost, no repair on opening', async () => {
  const path = join(scratchFolder(), 'memory.db')
  await (await TursoBackend.create({ path })).disconnect()
  const acknowledged: string[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const process = startStoring(path, `r${round}`, 1000, BULK)
    await expect.poll(() => process.acknowledged().length, { timeout: 30_000 }).toBeGreaterThan(0)
    await delay((round * 37) % 230)
    process.child.kill('SIGKILL')
    await process.ended
    acknowledged.push(...process.acknowledged())

    await using backend = new TursoBackend({ path })
    await backend.connect() // complete without initializeSchema(): nothing had to be repaired
    expect(await backend.executeQuery('PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }])
    expect(await backend.getMemories(acknowledged)).toHaveLength(acknowledged.length)
    const { total_memories: total } = await backend.getMemoryStatistics()
    expect(total.count % BULK).toBe(0)
    const [texts] = await backend.executeQuery('SELECT count(*) AS n FROM mg_text')
    expect(texts).toEqual({ n: total.count })
  }
})

it('5 processes that are killed at random while 5 others go on lose nothing that was acknowledged', async () => {
  const path = join(scratchFolder(), 'memory.db')
  await (await TursoBackend.create({ path })).disconnect()
  const steady = Array.from({ length: 5 }, (_, at) => startStoring(path, `steady${at}`, 300))
  const killed: string[] = []
  for (let round = 0; round < 10; round++) {
    const victims = Array.from({ length: 5 }, (_, at) => startStoring(path, `victim${round}-${at}`, 10_000))
    await delay(400 + round * 40)
    for (const victim of victims) victim.child.kill('SIGKILL')
    await Promise.all(victims.map((victim) => victim.ended))
    killed.push(...victims.flatMap((victim) => victim.acknowledged()))
  }
  const ends = await Promise.all(steady.map((process) => process.ended))
  expect(ends.map(({ code, stderr }) => `${code} ${stderr}`)).toEqual(Array(5).fill('0 '))
  await using backend = await TursoBackend.create({ path })
  const all = [...killed, ...steady.flatMap((process) => process.acknowledged())]
  expect(await backend.getMemories(all)).toHaveLength(all.length)
  expect(await backend.executeQuery('PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }])
})
