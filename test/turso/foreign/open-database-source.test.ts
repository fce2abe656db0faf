import { once } from 'node:events'
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { basename, join } from 'node:path'
import { Worker } from 'node:worker_threads'
import Database from 'libsql'
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { openDatabaseSource } from '../../../src/backends/turso/foreign/open-database-source.js'
import { collectGarbage } from '../../../src/backends/turso/local/collect-garbage.js'
import { TursoBackend } from '../../../src/backends/turso/turso-backend.js'
import { fixture, fixtureCopy, scratchFolder } from '../../support/scratch.js'
import { open, recordsOf, snapshot } from './read-source.js'

const KEY = 'correct horse battery staple'
const CREATE_NODES = 'CREATE TABLE nodes (id TEXT PRIMARY KEY, label TEXT NOT NULL, properties TEXT NOT NULL)'

let temporary: string

beforeEach(() => {
  temporary = scratchFolder()
  const before = process.env['TMPDIR']
  process.env['TMPDIR'] = temporary
  onTestFinished(() => {
    if (before === undefined) delete process.env['TMPDIR']
    else process.env['TMPDIR'] = before
  })
})

/** The copies that are there to be read. */
function copies(): string[] {
  return readdirSync(temporary).filter((name) => name.startsWith('memorygraph-read-'))
}

/** A folder with a file of another program and what that left beside it when it was killed, and the file's path. */
function leftBy(fill: (database: Database.Database) => void): { folder: string; path: string } {
  const running = join(scratchFolder(), 'memory.db')
  const database = new Database(running)
  onTestFinished(() => {
    database.close()
  })
  database.exec(CREATE_NODES)
  fill(database)
  const folder = scratchFolder()
  const path = join(folder, 'memory.db')
  for (const suffix of ['', '-wal', '-journal'])
    if (existsSync(`${running}${suffix}`)) copyFileSync(`${running}${suffix}`, `${path}${suffix}`)
  return { folder, path }
}

async function ids(path: string): Promise<unknown[]> {
  return (await recordsOf(await open(path))).map(({ value }) => (value as { id: unknown }).id)
}

async function encryptedFile(): Promise<string> {
  const path = join(scratchFolder(), 'encrypted.db')
  await using backend = await TursoBackend.create({ path, encryptionKey: KEY })
  await backend.storeMemory({ id: 'secret', type: 'general', title: 'Secret', content: 'kept' })
  return path
}

describe('opening a database file to read it', () => {
  it.each([
    'python-memory.db',
    'foreign/python-pre-temporal.db',
    'foreign/python-turso-layout.db',
    'foreign/memorygraph-ts-0.13.db',
  ])('leaves %s and what is beside it untouched, and nothing behind', async (name) => {
    const folder = scratchFolder()
    const path = join(folder, basename(name))
    for (const suffix of ['', '-wal', '-shm'])
      if (existsSync(fixture(name + suffix))) copyFileSync(fixture(name + suffix), path + suffix)
    chmodSync(path, 0o400)
    const before = snapshot(folder)
    const source = await openDatabaseSource(path)
    expect(copies()).toHaveLength(1)
    const first = await recordsOf(source)
    expect(await recordsOf(source)).toEqual(first)
    expect(first.length).toBeGreaterThan(200)
    await source.close()
    await source.close()
    expect(snapshot(folder)).toEqual(before)
    expect(copies()).toEqual([])
  })

  it('reads what is only in the log, also by a link, and leaves the log as it is', async () => {
    const { folder, path } = leftBy((database) => {
      database.exec('PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0')
      database.exec(`INSERT INTO nodes VALUES ('logged', 'Note', '{}')`)
    })
    const link = join(scratchFolder(), 'link.db')
    symlinkSync(path, link)
    const before = snapshot(folder)
    expect(before).toHaveLength(2)
    expect(await ids(link)).toEqual(['logged'])
    expect(snapshot(folder)).toEqual(before)
  })

  it('does not show what a transaction wrote that never ended', async () => {
    const { folder, path } = leftBy((database) => {
      database.exec('PRAGMA journal_mode = DELETE; BEGIN')
      const insert = database.prepare(
        `INSERT INTO nodes VALUES (?, 'Note', json_object('state', 'old', 'text', ?))`,
      )
      for (let count = 0; count < 200; count++) insert.run([`n${count}`, 'x'.repeat(1500)])
      database.exec('COMMIT; PRAGMA cache_size = 2; BEGIN')
      database.exec(`UPDATE nodes SET properties = json_set(properties, '$.state', 'new')`)
    })
    const before = snapshot(folder)
    expect(before).toHaveLength(2)
    const records = await recordsOf(await open(path))
    expect(records).toHaveLength(200)
    for (const { value } of records) expect(value).toMatchObject({ properties: { state: 'old' } })
    expect(snapshot(folder)).toEqual(before)
  })

  it('shows the file as it was when it was opened', async () => {
    const path = fixtureCopy('foreign/python-pre-temporal.db')
    const source = await open(path)
    const database = new Database(path)
    database.exec('PRAGMA foreign_keys = OFF; DELETE FROM nodes')
    database.close()
    expect((await recordsOf(source)).filter(({ kind }) => kind === 'node')).toHaveLength(60)
  })

  it('can be read by several at once, and in part', async () => {
    const source = await open(fixture('python-memory.db'))
    const [one, other] = await Promise.all([recordsOf(source), recordsOf(source)])
    expect(one).toEqual(other)
    for await (const record of source.records()) {
      expect(record).toEqual(one[0])
      break
    }
  })

  it('ends with close(), also while it is read', async () => {
    const source = await openDatabaseSource(fixture('python-memory.db'))
    const reading = source.records()[Symbol.asyncIterator]()
    await reading.next()
    await source.close()
    const rest = (async () => {
      while (!(await reading.next()).done);
    })()
    await expect(rest).rejects.toMatchObject({ code: 'MG_NOT_CONNECTED' })
    await expect(recordsOf(source)).rejects.toMatchObject({ code: 'MG_NOT_CONNECTED' })
  })

  it('waits for a program that writes the file', async () => {
    const path = fixtureCopy('foreign/python-pre-temporal.db')
    let touches = 0
    const timer = setInterval(() => {
      utimesSync(path, new Date(), new Date())
      if (++touches === 10) clearInterval(timer)
    }, 5)
    onTestFinished(() => clearInterval(timer))
    utimesSync(path, new Date(), new Date())
    await open(path)
    expect(touches).toBe(10)
  })

  it('gives up when a program never stops to write the file', async () => {
    const path = join(scratchFolder(), 'busy.db')
    writeFileSync(path, '')
    truncateSync(path, 32 * 1024 * 1024)
    const writer = new Worker(new URL('../../support/touch-worker.mjs', import.meta.url), {
      workerData: path,
    })
    onTestFinished(async () => {
      await writer.terminate()
    })
    await once(writer, 'message')
    await expect(openDatabaseSource(path, { busyTimeoutMs: 50 })).rejects.toMatchObject({
      code: 'MG_BUSY',
      message: expect.stringContaining(path),
    })
    expect(copies()).toEqual([])
  })
})

describe('a file that cannot be read', () => {
  it('is refused by the names of its tables', async () => {
    const path = join(scratchFolder(), 'other.db')
    const database = new Database(path)
    database.exec('CREATE TABLE invoices (id INTEGER); CREATE TABLE nodes (key TEXT)')
    database.close()
    const before = snapshot(join(path, '..'))
    await expect(openDatabaseSource(path)).rejects.toMatchObject({
      name: 'SchemaError',
      code: 'MG_SCHEMA_FOREIGN',
      message: expect.stringMatching(/"invoices", "nodes"/),
      details: { path, tables: ['invoices', 'nodes'] },
    })
    expect(snapshot(join(path, '..'))).toEqual(before)
    expect(copies()).toEqual([])
  })

  it('is refused with some of its tables where it has many', async () => {
    const path = join(scratchFolder(), 'many.db')
    const database = new Database(path)
    for (let count = 0; count < 23; count++) database.exec(`CREATE TABLE t${count} (a)`)
    database.close()
    await expect(openDatabaseSource(path)).rejects.toThrow(/"t19" and 3 more/)
  })

  it('is refused where it holds nothing', async () => {
    const path = join(scratchFolder(), 'empty.db')
    writeFileSync(path, '')
    await expect(openDatabaseSource(path)).rejects.toMatchObject({
      code: 'MG_SCHEMA_FOREIGN',
      message: expect.stringContaining('no tables'),
    })
  })

  it('is refused where it is no database', async () => {
    const path = join(scratchFolder(), 'notes.txt')
    writeFileSync(path, 'These are notes. '.repeat(500))
    await expect(openDatabaseSource(path)).rejects.toMatchObject({
      code: 'MG_NOT_A_DATABASE',
      message: expect.stringContaining(path),
    })
    expect(copies()).toEqual([])
  })

  it('is refused where it is damaged', async () => {
    const path = fixtureCopy('foreign/python-pre-temporal.db')
    truncateSync(path, 20_000)
    const reading = openDatabaseSource(path).then(async (source) => {
      await using closing = source
      return recordsOf(closing)
    })
    await expect(reading).rejects.toMatchObject({ code: 'MG_CORRUPT' })
  })

  it('is refused where there is none, or a folder', async () => {
    const folder = scratchFolder()
    mkdirSync(join(folder, 'folder'))
    for (const name of ['missing.db', 'folder']) {
      const path = join(folder, name)
      await expect(openDatabaseSource(path)).rejects.toMatchObject({
        code: 'MG_CONNECTION',
        message: expect.stringContaining(path),
      })
    }
    expect(readdirSync(folder)).toEqual(['folder'])
  })

  it('is refused while a backend of this process has it open, whose locks would be lost', async () => {
    const path = join(scratchFolder(), 'open.db')
    const backend = await TursoBackend.create({ path })
    await expect(openDatabaseSource(path)).rejects.toMatchObject({ code: 'MG_CONNECTION' })
    await backend.disconnect()
    expect(await ids(path)).toEqual([])
  })

  it('is read with its key, and refused with none or another', async () => {
    const path = await encryptedFile()
    await expect.poll(() => filesBeside(path)).toEqual(['encrypted.db'])
    const before = snapshot(join(path, '..'))
    const source = await open(path, { encryptionKey: KEY })
    expect(await recordsOf(source)).toMatchObject([{ value: { id: 'secret' } }])
    for (const options of [{}, { encryptionKey: 'wrong' }]) {
      const error = await openDatabaseSource(path, options).catch((reason: unknown) => reason)
      expect(error).toMatchObject({ code: 'MG_NOT_A_DATABASE' })
      expect(String(error)).not.toContain('wrong')
    }
    await expect(
      openDatabaseSource(fixture('python-memory.db'), { encryptionKey: KEY }),
    ).rejects.toMatchObject({
      code: 'MG_NOT_A_DATABASE',
    })
    expect(snapshot(join(path, '..'))).toEqual(before)
  })

  it('is not looked for with options that do not exist, or do not fit', async () => {
    const path = fixture('python-memory.db')
    for (const options of [{ key: 'x' }, { encryptionKey: '' }, { busyTimeoutMs: -1 }]) {
      await expect(openDatabaseSource(path, options)).rejects.toMatchObject({ code: 'MG_CONFIGURATION' })
    }
  })
})

/** What is in the folder of a file, once its writer, which has closed it, has let go of it. */
function filesBeside(path: string): string[] {
  collectGarbage()
  return readdirSync(join(path, '..'))
}
