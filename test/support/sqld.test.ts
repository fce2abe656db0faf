import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { createServer } from 'node:net'
import { openHttp, type Value } from '@libsql/hrana-client'
import { describe, expect, it } from 'vitest'
import { startSqld } from './sqld.js'
import { listenSomewhere } from './tcp-proxy.js'

async function query(url: string, sql: string, token?: string): Promise<Value[][]> {
  const client = openHttp(url, token, fetch, undefined, 2)
  const stream = client.openStream()
  try {
    const { rows } = await stream.query(sql)
    return rows.map((row) => Array.from(row))
  } finally {
    stream.closeGracefully()
    client.close()
  }
}

const isAlive = (pid: number | undefined) => {
  try {
    return process.kill(pid as number, 0)
  } catch {
    return false
  }
}

describe('startSqld()', () => {
  it('leaves neither a process nor a folder', async () => {
    const sqld = await startSqld()
    const { pid, folder } = sqld
    expect([isAlive(pid), existsSync(folder)]).toEqual([true, true])
    await sqld[Symbol.asyncDispose]()
    expect([isAlive(pid), existsSync(folder), sqld.pid]).toEqual([false, false, undefined])
  })

  it('tells why it did not start', async () => {
    await expect(startSqld({ flags: ['--no-such-flag'] })).rejects.toThrow(
      "unexpected argument '--no-such-flag'",
    )
  })

  it('does not take what has the port already for the server', async () => {
    const other = createServer()
    const port = await listenSomewhere(other)
    await expect(startSqld({ port })).rejects.toThrow('Address already in use')
    other.close()
    await once(other, 'close')
    await using sqld = await startSqld({ port })
    expect(await query(sqld.url, 'select 1')).toEqual([[1]])
  })

  it('asks for tokens, and lets read-only ones read', async () => {
    await using sqld = await startSqld({ withTokens: true })
    await using other = await startSqld({ withTokens: true })
    await query(sqld.url, 'create table t (a)', sqld.token())
    expect(await query(sqld.url, 'select * from t', sqld.token({ access: 'ro' }))).toEqual([])
    for (const [token, status] of [
      [undefined, 401],
      [other.token(), 401],
      [sqld.token({ expiresInSeconds: -3600 }), 401],
      [sqld.token({ access: 'ro' }), 403],
    ] as const) {
      await expect(query(sqld.url, 'insert into t values (1)', token)).rejects.toMatchObject({ status })
    }
  })

  it('keeps its data, port and tokens through kill() and stop()', async () => {
    await using sqld = await startSqld({ withTokens: true })
    const token = sqld.token()
    await query(sqld.url, 'create table t (a)', token)
    for (const end of ['kill', 'stop'] as const) {
      await query(sqld.url, `insert into t values ('${end}')`, token)
      await sqld[end]()
      await expect(query(sqld.url, 'select 1', token)).rejects.toThrow('fetch failed')
      await sqld.restart()
    }
    expect(await query(sqld.url, 'select a from t', token)).toEqual([['kill'], ['stop']])
  })

  it('answers nothing while it is frozen', async () => {
    await using sqld = await startSqld()
    const health = () => fetch(`${sqld.url}/health`, { signal: AbortSignal.timeout(300) })
    await sqld.freeze()
    await expect(health()).rejects.toThrow('timeout')
    sqld.thaw()
    expect((await health()).status).toBe(200)
    await sqld.freeze()
    await sqld.stop()
    expect(sqld.pid).toBeUndefined()
  })

  it('goes back to a backup, and to nothing', async () => {
    await using sqld = await startSqld()
    await query(sqld.url, 'create table t (a)')
    await query(sqld.url, "insert into t values ('old')")
    const copy = await sqld.backup()
    await query(sqld.url, "insert into t values ('new')")
    await sqld.restore(copy)
    expect(await query(sqld.url, 'select a from t')).toEqual([['old']])
    await sqld.wipe()
    await expect(query(sqld.url, 'select a from t')).rejects.toThrow('no such table')
  })

  it('blocks writes', async () => {
    await using sqld = await startSqld()
    await sqld.blockWrites(true)
    await expect(query(sqld.url, 'create table t (a)')).rejects.toMatchObject({ code: 'BLOCKED' })
    expect(await query(sqld.url, 'select 1')).toEqual([[1]])
    await sqld.blockWrites(false)
    await query(sqld.url, 'create table t (a)')
  })
})
