import { openHttp } from '@libsql/hrana-client'
import { describe, expect, it, onTestFinished } from 'vitest'
import { TursoBackend } from '../../src/backends/turso/turso-backend.js'
import { ServicePool } from './service-pool.js'
import { type Sqld, type SqldOptions, startSqld } from './sqld.js'

async function startServer(options: SqldOptions = {}): Promise<Sqld> {
  const sqld = await startSqld(options)
  onTestFinished(() => sqld[Symbol.asyncDispose]())
  return sqld
}

function poolOn(url: string, mode: 'remote' | 'replica' = 'remote', authToken?: string): ServicePool {
  const pool = new ServicePool([url], mode, authToken)
  onTestFinished(() => pool[Symbol.asyncDispose]())
  return pool
}

/** Runs SQL as any other program would, and resolves to the names of all tables. */
async function tablesAfter(url: string, sql: string): Promise<unknown[]> {
  const client = openHttp(url, undefined, undefined, undefined, 2)
  const stream = client.openStream()
  await stream.sequence(sql)
  const { rows } = await stream.query("SELECT name FROM sqlite_master WHERE type = 'table'")
  client.close()
  return rows.map((row) => row['name'])
}

const note = { id: 'left', type: 'general', title: 'Left', content: 'By the case before' } as const

describe.each(['remote', 'replica'] as const)('a pool of databases of a service, %s', (mode) => {
  it('gives a database that is empty, whatever was left in it', async () => {
    const sqld = await startServer({ withTokens: true })
    const pool = poolOn(sqld.url, mode, sqld.token())
    for (let round = 0; round < 3; round++) {
      const { backend, dispose } = await pool.take()
      expect(await backend.getMemory('left')).toBeNull()
      expect((await backend.healthCheck()).node_count).toBe(0)
      await backend.storeMemory(note)
      await backend.executeWriteQuery('CREATE TABLE kit_left (word TEXT)')
      await backend.disconnect()
      await dispose?.()
    }
  })

  it('gives a database again whose server was away meanwhile', async () => {
    const sqld = await startServer()
    const pool = poolOn(sqld.url, mode)
    const { backend, dispose } = await pool.take()
    await backend.storeMemory(note)
    await backend.disconnect()
    await sqld.kill()
    await expect(dispose?.()).rejects.toThrow('does not answer')
    await expect(pool.take()).rejects.toThrow('does not answer')
    await sqld.restart()
    const again = await pool.take()
    expect(await again.backend.getMemory('left')).toBeNull()
    await again.backend.disconnect()
    await again.dispose?.()
  })
})

describe('a pool of databases of a service', () => {
  it('gives each once', async () => {
    const { url } = await startServer()
    const pool = poolOn(url)
    const { backend, dispose } = await pool.take()
    await expect(pool.take()).rejects.toThrow('fewer databases')
    await backend.disconnect()
    await dispose?.()
    await (await pool.take()).backend.disconnect()
  })

  it('leaves one alone that holds a graph', async () => {
    const { url } = await startServer()
    await using owner = await TursoBackend.create({ url, mode: 'remote' })
    await owner.storeMemory(note)
    const pool = poolOn(url)
    for (let attempt = 0; attempt < 2; attempt++) await expect(pool.take()).rejects.toThrow('holds 1 nodes')
    expect(await owner.getMemory('left')).not.toBeNull()
  })

  it('leaves one alone that holds anything else, beside a graph or alone', async () => {
    const { url } = await startServer()
    const bills = 'CREATE TABLE bills (amount INTEGER); INSERT INTO bills VALUES (7)'
    expect(await tablesAfter(url, bills)).toEqual(['bills'])
    await expect(poolOn(url).take()).rejects.toThrow('tables of another program')
    expect(await tablesAfter(url, 'SELECT 1')).toEqual(['bills'])
    await using _graph = await TursoBackend.create({ url, mode: 'remote', adopt: true })
    await expect(poolOn(url).take()).rejects.toThrow('has the table bills')
    expect(await tablesAfter(url, 'SELECT 1')).toContain('bills')
  })
})
