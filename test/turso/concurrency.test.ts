import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import Database from 'libsql'
import { describe, expect, it } from 'vitest'
import { TursoBackend } from '../../src/backends/turso/turso-backend.js'
import { startStoring } from '../support/processes.js'
import { scratchFolder } from '../support/scratch.js'

const memory = (id: string): { id: string; type: string; title: string; content: string } => ({
  id,
  type: 'general',
  title: `Memory ${id}`,
  content: 'one of many',
})

describe('many writers on one file', () => {
  it('20 processes that store 50 memories each lose none, and none fails', async () => {
    const path = join(scratchFolder(), 'memory.db')
    const processes = Array.from({ length: 20 }, (_, at) => startStoring(path, `p${at}`, 50))
    const ends = await Promise.all(processes.map((process) => process.ended))
    expect(ends.map(({ code, stderr }) => `${code} ${stderr}`)).toEqual(Array(20).fill('0 '))
    await using backend = await TursoBackend.create({ path })
    expect((await backend.getMemoryStatistics()).total_memories.count).toBe(1000)
    const acknowledged = processes.flatMap((process) => process.acknowledged())
    expect(await backend.getMemories(acknowledged)).toHaveLength(1000)
  })

  it('200 concurrent stores and a slow transaction in one process are all there', async () => {
    await using backend = await TursoBackend.create({ path: join(scratchFolder(), 'memory.db') })
    const slow = backend.transaction(async (tx) => {
      await tx.storeMemory(memory('slow-first'))
      await delay(300)
      await tx.storeMemory(memory('slow-last'))
    })
    const stores = Array.from({ length: 200 }, (_, at) => backend.storeMemory(memory(`s${at}`)))
    await Promise.all([slow, ...stores])
    expect((await backend.getMemoryStatistics()).total_memories.count).toBe(202)
  })

  it('two backends on one file in one process take turns', async () => {
    const path = join(scratchFolder(), 'memory.db')
    await using one = await TursoBackend.create({ path })
    await using other = await TursoBackend.create({ path })
    await Promise.all(
      Array.from({ length: 100 }, (_, at) => (at % 2 ? one : other).storeMemory(memory(`m${at}`))),
    )
    expect((await one.getMemoryStatistics()).total_memories.count).toBe(100)
    expect(await other.searchMemories({ query: 'many', limit: 1000 })).toHaveLength(100)
  })

  it('a lock that another process keeps is MG_BUSY at the deadline, and nothing later is lost', async () => {
    const path = join(scratchFolder(), 'memory.db')
    await using backend = await TursoBackend.create({ path, busyTimeoutMs: 100 })
    const other = new Database(path)
    other.exec('BEGIN IMMEDIATE')
    await expect(backend.storeMemory(memory('refused'))).rejects.toMatchObject({
      code: 'MG_BUSY',
      retryable: true,
    })
    expect(await backend.getMemory('refused')).toBeNull()
    other.exec('COMMIT')
    await backend.storeMemory(memory('later'))
    const seen = other.prepare(`SELECT count(*) AS n FROM nodes WHERE id = 'later'`).get([]) as { n: number }
    other.close()
    expect(seen.n).toBe(1)
  })

  it('readers see the state before a transaction until it ends', async () => {
    await using backend = await TursoBackend.create({ path: join(scratchFolder(), 'memory.db') })
    await backend.storeMemory(memory('before'))
    let seenMeanwhile = -1
    const [transaction] = await Promise.all([
      backend.transaction(async (tx) => {
        await tx.deleteMemory('before')
        await delay(100)
      }),
      delay(50).then(async () => {
        seenMeanwhile = (await backend.searchMemories({})).length
      }),
    ])
    expect(transaction).toBeUndefined()
    expect(seenMeanwhile).toBe(1)
    expect(await backend.searchMemories({})).toEqual([])
  })

  it('disconnect() lets running writes finish', async () => {
    const path = join(scratchFolder(), 'memory.db')
    const backend = await TursoBackend.create({ path })
    const stores = Array.from({ length: 50 }, (_, at) => backend.storeMemory(memory(`m${at}`)))
    await backend.disconnect()
    await Promise.all(stores)
    await using again = await TursoBackend.create({ path })
    expect((await again.getMemoryStatistics()).total_memories.count).toBe(50)
  })
})

describe('a process that is killed while it stores in bulk', () => {
  it('leaves a sound file with every acknowledged memory, and no half of a bulk', async () => {
    const path = join(scratchFolder(), 'memory.db')
    await (await TursoBackend.create({ path })).disconnect()
    for (const [round, wait] of [120, 180, 240].entries()) {
      const process = startStoring(path, `r${round}`, 1000, 200)
      await expect.poll(() => process.acknowledged().length, { timeout: 20_000 }).toBeGreaterThan(0)
      await delay(wait)
      process.child.kill('SIGKILL')
      await process.ended
      await using backend = await TursoBackend.create({ path })
      expect(await backend.executeQuery('PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }])
      const acknowledged = process.acknowledged()
      expect(await backend.getMemories(acknowledged)).toHaveLength(acknowledged.length)
      const stored = (await backend.searchMemoriesPaginated({ terms: [`process r${round}`] })).total_count
      expect(stored % 200).toBe(0)
    }
  })
})
