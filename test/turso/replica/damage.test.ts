import {
  existsSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { Connection } from '../../../src/backends/turso/local/connection.js'
import type { MemoryError } from '../../../src/index.js'
import { TursoBackend } from '../../../src/index.js'
import { scratchFolder } from '../../support/scratch.js'
import { type Sqld, startSqld } from '../../support/sqld.js'

type Replica = { readonly sqld: Sqld; readonly path: string }

/** A copy of 40 memories, whose log holds most of them: nothing has written it back to the database file. */
async function replicaOf(sqld: Sqld): Promise<Replica> {
  const path = join(scratchFolder(), 'replica.db')
  await using backend = await open({ sqld, path })
  await backend.storeMemories(
    Array.from({ length: 40 }, (_, at) => ({
      id: `memory-${at}`,
      type: 'solution',
      title: `Title ${at}`,
      content: `${at} `.repeat(500),
    })),
  )
  return { sqld, path }
}

function open({ sqld, path }: Replica): Promise<TursoBackend> {
  return TursoBackend.create({ url: sqld.url, path, timeoutMs: 5_000 })
}

function setAsides(path: string): string[] {
  return readdirSync(dirname(path)).filter((name) => /\.set-aside-[\dTZ-]+$/.test(name))
}

/** Opens a damaged replica and expects that it is whole again, in the same file, and what it was is kept. */
async function expectWhole(replica: Replica, isSetAside: boolean, kept = isSetAside ? 1 : 0): Promise<void> {
  await using backend = await open(replica)
  await backend.sync()
  expect(await backend.executeQuery('PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }])
  expect(await backend.getMemories(['memory-0', 'memory-39'])).toHaveLength(2)
  expect((await backend.searchMemories({ query: 'Title', limit: 100 })).length).toBe(40)
  await backend.storeMemory({ id: 'later', type: 'general', title: 'Later', content: 'Still writes' })
  expect(await backend.getMemory('later')).not.toBeNull()
  expect(setAsides(replica.path)).toHaveLength(kept)
  const { warnings } = await backend.healthCheck()
  expect(warnings.some((warning) => warning.includes('set-aside'))).toBe(isSetAside)
}

function overwrite(file: string, position: number, bytes: string): void {
  const handle = openSync(file, 'r+')
  writeSync(handle, bytes, position)
}

describe('a damaged copy of a primary', () => {
  const damages: Record<string, { damage: (path: string) => void; isSetAside: boolean }> = {
    'whose position is gone': {
      damage: (path) => rmSync(`${path}-client_wal_index`),
      isSetAside: true,
    },
    'whose position is cut off': {
      damage: (path) => truncateSync(`${path}-client_wal_index`, 7),
      isSetAside: false,
    },
    'whose position is garbage': {
      damage: (path) => writeFileSync(`${path}-client_wal_index`, 'x'.repeat(32)),
      isSetAside: false,
    },
    'whose log is gone': {
      damage: (path) => {
        for (const suffix of ['-wal', '-shm']) rmSync(`${path}${suffix}`, { force: true })
      },
      isSetAside: true,
    },
    'whose log is cut off': {
      damage: (path) => truncateSync(`${path}-wal`, Math.floor(statSync(`${path}-wal`).size / 2)),
      isSetAside: true,
    },
    'whose header is garbage': {
      damage: (path) => overwrite(path, 0, 'This is no database at all'),
      isSetAside: true,
    },
    'that another program emptied': {
      damage: (path) => {
        for (const suffix of ['-wal', '-shm']) rmSync(`${path}${suffix}`, { force: true })
        truncateSync(path, 0)
      },
      isSetAside: true,
    },
  }

  it.each(Object.entries(damages))('%s is made anew', async (_name, { damage, isSetAside }) => {
    await using sqld = await startSqld()
    const replica = await replicaOf(sqld)
    damage(replica.path)
    await expectWhole(replica, isSetAside)
  })

  it.each([
    ['cut off', (path: string) => truncateSync(path, 8192)],
    ['overwritten in the middle', (path: string) => overwrite(path, 4096 * 3, 'garbage'.repeat(3000))],
  ])('whose database file is %s after a checkpoint is made anew', async (_name, damage) => {
    await using sqld = await startSqld()
    const replica = await replicaOf(sqld)
    const connection = await Connection.open({ path: replica.path, encryptionKey: undefined })
    connection.all('PRAGMA wal_checkpoint(TRUNCATE)')
    connection.close()
    damage(replica.path)
    await expectWhole(replica, true)
  })

  it('of which only the database file and the position are left is whole in the end', async () => {
    await using sqld = await startSqld()
    const replica = await replicaOf(sqld)
    for (const suffix of ['-wal', '-shm', '-replica.json'])
      rmSync(`${replica.path}${suffix}`, { force: true })
    await using backend = await open(replica)
    await backend.sync()
    expect(await backend.executeQuery('PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }])
    expect((await backend.searchMemories({ query: 'Title', limit: 100 })).length).toBe(40)
  })

  it('whose database file is gone is made anew', async () => {
    await using sqld = await startSqld()
    const replica = await replicaOf(sqld)
    rmSync(replica.path)
    await expectWhole(replica, true, 0)
  })

  it('that loses its file while it is in use is made anew at the next sync', async () => {
    await using sqld = await startSqld()
    const { path } = await replicaOf(sqld)
    await using backend = await open({ sqld, path })
    await backend.sync()
    rmSync(path)
    await backend.sync()
    expect(await backend.getMemory('memory-3')).not.toBeNull()
    expect(existsSync(path)).toBe(true)
    await backend.storeMemory({ id: 'later', type: 'general', title: 'Later', content: 'Still writes' })
    expect(await backend.getMemory('later')).not.toBeNull()
  })
})

describe('a primary that is not what it was', () => {
  it('after kill -9 is followed again, with a log of its own', async () => {
    await using sqld = await startSqld()
    const { path } = await replicaOf(sqld)
    await using backend = await open({ sqld, path })
    await sqld.kill()
    await sqld.restart()
    await backend.sync()
    await backend.storeMemory({ id: 'later', type: 'general', title: 'Later', content: 'Still writes' })
    expect(await backend.getMemories(['memory-3', 'later'])).toHaveLength(2)
    expect(setAsides(path)).toEqual([])
  })

  it('restored from a backup is not merged: the copy is set aside and made anew, and says so', async () => {
    await using sqld = await startSqld()
    const { path } = await replicaOf(sqld)
    const backup = await sqld.backup()
    await using backend = await open({ sqld, path })
    const errors: MemoryError[] = []
    backend.on('sync-error', (error) => errors.push(error))
    await backend.storeMemory({ id: 'lost', type: 'general', title: 'Lost', content: 'Only the copy has it' })
    await sqld.restore(backup)
    await backend.sync()
    expect(await backend.getMemory('lost')).toBeNull()
    expect(await backend.getMemory('memory-3')).not.toBeNull()
    expect(errors.map((error) => error.code)).toContain('MG_DIVERGED')
    const [kept] = setAsides(path)
    await using old = await TursoBackend.create({ path: join(dirname(path), kept as string) })
    expect(await old.getMemory('lost')).not.toBeNull()
  })

  it('restored from a backup refuses a write that does not know', async () => {
    await using sqld = await startSqld()
    const { path } = await replicaOf(sqld)
    const backup = await sqld.backup()
    await using backend = await open({ sqld, path })
    await backend.storeMemory({ id: 'lost', type: 'general', title: 'Lost', content: 'Only the copy has it' })
    await sqld.restore(backup)
    await expect(
      backend.storeMemory({ id: 'blind', type: 'general', title: 'Blind', content: 'Too early' }),
    ).rejects.toMatchObject({ code: 'MG_DIVERGED' })
    await backend.sync()
    await backend.storeMemory({ id: 'again', type: 'general', title: 'Again', content: 'Now it knows' })
    expect(await backend.getMemories(['lost', 'blind', 'again'])).toMatchObject([{ id: 'again' }])
  })

  it('made anew with a graph of its own takes the place of the old one, which is kept', async () => {
    await using sqld = await startSqld()
    const { path } = await replicaOf(sqld)
    await sqld.wipe()
    await using other = await TursoBackend.create({ url: sqld.url, mode: 'remote' })
    await other.storeMemory({ id: 'new', type: 'general', title: 'New', content: 'Another history' })
    await using backend = await open({ sqld, path })
    await backend.sync()
    expect(await backend.getMemories(['new', 'memory-3'])).toMatchObject([{ id: 'new' }])
    expect(setAsides(path)).toHaveLength(1)
  })

  it('that is empty is not followed: the copy stays and can be read', async () => {
    await using sqld = await startSqld()
    const { path } = await replicaOf(sqld)
    await sqld.wipe()
    await using backend = await open({ sqld, path })
    await expect(backend.sync()).rejects.toMatchObject({ code: 'MG_DIVERGED' })
    await expect(backend.storeMemory({ type: 'general', title: 'x', content: 'y' })).rejects.toMatchObject({
      code: 'MG_DIVERGED',
    })
    expect(await backend.getMemory('memory-3')).not.toBeNull()
    expect(setAsides(path)).toEqual([])
  })

  it('is not believed when another program wrote the copy: that is set aside', async () => {
    await using sqld = await startSqld()
    const { path } = await replicaOf(sqld)
    const connection = await Connection.open({ path, encryptionKey: undefined })
    connection.run(
      `INSERT INTO nodes(id, label, properties) VALUES ('foreign', 'Memory', '{"title": "Here alone"}')`,
    )
    connection.close()
    await using backend = await open({ sqld, path })
    await backend.sync()
    expect(await backend.getNodes(['foreign'])).toEqual([])
    const [kept] = setAsides(path)
    await using old = await TursoBackend.create({ path: join(dirname(path), kept as string) })
    expect(await old.getNodes(['foreign'])).toHaveLength(1)
  })
})

describe('the files of a copy', () => {
  it('do not hold the token and belong to the user alone', async () => {
    await using sqld = await startSqld({ withTokens: true })
    const path = join(scratchFolder(), 'replica.db')
    const token = sqld.token()
    await using backend = await TursoBackend.create({ url: sqld.url, path, authToken: token })
    await backend.storeMemory({ type: 'general', title: 'x', content: 'y' })
    for (const name of readdirSync(dirname(path))) {
      const file = join(dirname(path), name)
      if (statSync(file).isFile()) expect(readFileSync(file).includes(token)).toBe(false)
      expect(statSync(file).mode & 0o077, name).toBe(0)
    }
  })

  it('can be moved together while nobody uses them', async () => {
    await using sqld = await startSqld()
    const { path } = await replicaOf(sqld)
    const moved = join(scratchFolder(), 'moved.db')
    for (const suffix of ['', '-wal', '-shm', '-client_wal_index', '-replica.json']) {
      if (existsSync(path + suffix)) renameSync(path + suffix, moved + suffix)
    }
    await using backend = await open({ sqld, path: moved })
    await backend.sync()
    expect(await backend.getMemory('memory-3')).not.toBeNull()
    expect(setAsides(moved)).toEqual([])
  })
})

describe('a copy that is damaged while it is in use', () => {
  const damages: Record<string, (path: string) => void> = {
    'loses its header': (path) => overwrite(path, 0, 'This is no database at all'),
    'is overwritten in the middle': (path) => overwrite(path, 4096 * 3, 'garbage'.repeat(3000)),
    'is cut off': (path) => truncateSync(path, 8192),
    'loses half of its log': (path) =>
      truncateSync(`${path}-wal`, Math.floor(statSync(`${path}-wal`).size / 2)),
  }

  it.each(Object.entries(damages))('that %s is whole after a sync', async (_name, damage) => {
    await using sqld = await startSqld()
    const { path } = await replicaOf(sqld)
    await using other = await TursoBackend.create({ url: sqld.url, mode: 'remote' })
    await using backend = await open({ sqld, path })
    await backend.sync()
    damage(path)
    await other.storeMemory({ id: 'later', type: 'general', title: 'Later', content: 'Elsewhere' })
    await backend.sync()
    expect(await backend.getMemories(['memory-0', 'memory-39', 'later'])).toHaveLength(3)
    await backend.storeMemory({ id: 'last', type: 'general', title: 'Last', content: 'Still writes' })
    expect(await backend.getMemory('last')).not.toBeNull()
    await backend.disconnect()
    await using again = await open({ sqld, path })
    await again.sync()
    expect(await again.executeQuery('PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }])
    expect((await again.searchMemories({ query: 'Title', limit: 100 })).length).toBe(40)
  })
})
