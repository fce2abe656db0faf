import { type SpawnSyncReturns, spawn, spawnSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  copyFileSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statfsSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, onTestFinished } from 'vitest'
import { Connection } from '../../src/backends/turso/local/connection.js'
import { MemoryError, type PromoteReport, TursoBackend, type TursoBackendOptions } from '../../src/index.js'
import { letGo } from '../support/let-go.js'
import { scratchFolder } from '../support/scratch.js'
import { startSqld } from '../support/sqld.js'
import { failureOf } from './remote/remote.js'

const WORKER = fileURLToPath(new URL('../support/promote-worker.mjs', import.meta.url))
const ENTRY = fileURLToPath(new URL('../../dist/index.js', import.meta.url))
const NOBODY = 65_534
const MEMORIES = 40

/** A file with memories, that nobody has open any more. */
async function localFile(folder = scratchFolder(), encryptionKey?: string): Promise<string> {
  const path = join(folder, 'memory.db')
  const backend = await TursoBackend.create({ path, encryptionKey })
  await backend.storeMemories(Array.from({ length: MEMORIES }, (_, at) => memoryOf(at)))
  await backend.disconnect()
  await letGo()
  return path
}

function memoryOf(at: number | string, content = `Content of ${at}`) {
  return { id: `memory-${at}`, type: 'solution', title: `Title ${at}`, content } as const
}

/** The ids and properties of all nodes of a file. */
async function nodesOf(path: string, encryptionKey?: string): Promise<unknown[]> {
  const connection = await Connection.open({ path, encryptionKey })
  const nodes = connection.all('SELECT id, CAST(properties AS TEXT) FROM nodes ORDER BY id')
  connection.close()
  await letGo()
  return nodes
}

/** How many memories a backend over the file sees, or why it opens none. */
async function seenBy(options: TursoBackendOptions): Promise<number | string> {
  try {
    await using backend = await TursoBackend.create(options)
    return (await backend.getMemoryStatistics()).total_memories.count
  } catch (error) {
    return MemoryError.is(error) ? error.code : String(error)
  }
}

/** The files in a folder but for what the engine keeps beside those that are open, and the lock of a copy; the backup's name is short. */
function filesIn(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => !/-(wal|shm|sync-lock|sync\.sock)$/.test(name))
    .map((name) => name.replace(/\.before-promote-[\dTZ-]+$/, '.backup'))
    .sort()
}

const PROMOTED = ['memory.db', 'memory.db-client_wal_index', 'memory.db-replica.json', 'memory.db.backup']

type Ended = { readonly code: number | null; readonly signal: string | null; readonly said: string }

/** Promotes in a process that comes to an end there: see the worker. */
function promoteApart(...parameters: string[]): Promise<Ended> {
  const child = spawn(process.execPath, [WORKER, ...parameters], { stdio: ['ignore', 'pipe', 'inherit'] })
  let said = ''
  child.stdout.on('data', (data) => {
    said += data
  })
  return new Promise((resolve) => child.once('close', (code, signal) => resolve({ code, signal, said })))
}

/** A copy of a folder in which what are two names of one file are so too. */
function copyOf(folder: string): string {
  const copy = scratchFolder()
  const copied = new Map<number, string>()
  for (const name of readdirSync(folder)) {
    const [from, to] = [join(folder, name), join(copy, name)]
    if (!lstatSync(from).isFile()) continue
    const { ino } = statSync(from)
    const other = copied.get(ino)
    if (other === undefined) copyFileSync(from, to)
    else linkSync(other, to)
    copied.set(ino, to)
  }
  return copy
}

/** What is expected of every promotion that succeeded in the end. */
async function expectPromoted(report: PromoteReport, url: string, before: unknown[]): Promise<void> {
  const { path, backup_path: backup, nodes, refused } = report
  expect({ nodes: nodes.copied + nodes.unchanged, refused }).toEqual({ nodes: before.length, refused: [] })
  expect(filesIn(dirname(path))).toEqual(PROMOTED)
  expect(lstatSync(backup).isFile() && statSync(backup).nlink).toBe(1)
  expect(await nodesOf(backup)).toEqual(before)
  expect(await nodesOf(path)).toEqual(before)
  await using replica = await TursoBackend.create({ path, url })
  await replica.storeMemory(memoryOf('later'))
  expect(await replica.getMemory('memory-later')).not.toBeNull()
  expect((await replica.healthCheck()).warnings).toEqual([])
  expect(await replica.executeQuery(`SELECT 1 FROM mg_schema WHERE name = 'promoting'`)).toEqual([])
}

/** In the short run each of the two ways is tried at every other change, the one where the other is not. */
const STEP = process.env['TEST_LONG'] === 'yes' ? 1 : 2

function firstOf(names: readonly string[], first: number): number {
  return names.length > 0 ? first : first + STEP - 1
}

describe('while the copy takes the place of the file', () => {
  it.each([
    ['a file can have two names', []],
    ['a file has one name', ['one-name']],
  ])(
    'a kill -9 at any moment leaves what can be read and what the next call finishes, where %s',
    { timeout: 300_000 },
    async (_, names) => {
      for (let change = firstOf(names, 1); ; change += STEP) {
        await using sqld = await startSqld()
        const { url } = sqld
        const path = await localFile()
        const folder = dirname(path)
        const before = await nodesOf(path)
        const { signal, said } = await promoteApart(path, url, 'dies', String(change), ...names)
        if (signal === null) {
          expect([change > 8, said]).toEqual([true, ''])
          expect(filesIn(folder)).toEqual(PROMOTED)
          break
        }
        expect(signal).toBe('SIGKILL')
        // Nobody ever begins with an empty graph: there is all of it, or a refusal.
        const isThere = statSync(path, { throwIfNoEntry: false }) !== undefined
        expect(isThere || names.length > 0).toBe(true)
        const local = await seenBy({ path: join(copyOf(folder), 'memory.db') })
        expect([MEMORIES, 'MG_CONNECTION', 'MG_READ_ONLY']).toContain(local)
        const replica = await seenBy({ path: join(copyOf(folder), 'memory.db'), url })
        expect([MEMORIES, 'MG_CONFIGURATION']).toContain(replica)
        await letGo()
        await expectPromoted(await TursoBackend.promote({ path, url }), url, before)
      }
    },
  )

  it.each([
    ['a file can have two names', []],
    ['a file has one name', ['one-name']],
  ])(
    'a disk that is full at any moment leaves the file as it was, where %s',
    { timeout: 300_000 },
    async (_, names) => {
      let refused = 0
      for (let change = firstOf(names, 3); change <= 8; change += STEP) {
        await using sqld = await startSqld()
        const { url } = sqld
        const path = await localFile()
        const before = await nodesOf(path)
        const { code, said } = await promoteApart(path, url, 'fails', String(change), ...names)
        if (code === 0) {
          expect(filesIn(dirname(path))).toEqual(PROMOTED)
          continue
        }
        refused++
        expect(said).toMatch(/^MG_STORAGE_FULL .*: free some space\. The file is as it was/)
        expect(readdirSync(dirname(path)).sort()[0]).toBe('memory.db')
        expect(filesIn(dirname(path))).toEqual(['memory.db'])
        await expectPromoted(await TursoBackend.promote({ path, url }), url, before)
      }
      expect(refused * STEP).toBeGreaterThanOrEqual(3)
    },
  )

  /** A promotion that was killed when the file had its second name, or when the copy was in its place without its marks. */
  async function withKilled(
    change: 'named twice' | 'in place',
    work: (path: string, url: string, before: unknown[]) => Promise<void>,
  ): Promise<void> {
    await using sqld = await startSqld()
    const path = await localFile()
    const before = await nodesOf(path)
    const next = change === 'named twice' ? 'memory.db.promoting' : 'memory.db.promoting-client_wal_index'
    const { signal } = await promoteApart(path, sqld.url, 'dies', `renameSync ${next}`)
    expect(signal).toBe('SIGKILL')
    const files = filesIn(dirname(path))
    expect(files).toEqual(
      expect.arrayContaining(['memory.db', 'memory.db.backup', 'memory.db.promoting.json']),
    )
    expect(files.includes('memory.db.promoting')).toBe(change === 'named twice')
    expect(existsSync(`${path}-client_wal_index`)).toBe(false)
    await work(path, sqld.url, before)
  }

  async function writeHere(path: string): Promise<void> {
    const local = await TursoBackend.create({ path })
    await local.storeMemory(memoryOf('meanwhile'))
    await local.disconnect()
    await letGo()
  }

  it('what is written after a kill, before the copy was in its place, is copied too', () =>
    withKilled('named twice', async (path, url) => {
      await writeHere(path)
      const before = await nodesOf(path)
      expect(before).toHaveLength(MEMORIES + 1)
      await expectPromoted(await TursoBackend.promote({ path, url }), url, before)
    }))

  it('what a version of this library left that copied no earlier versions of memories is finished', () =>
    withKilled('in place', async (path, url, before) => {
      const file = `${path}.promoting.json`
      const { versions, ...note } = JSON.parse(readFileSync(file, 'utf8'))
      expect(versions).toBe(0)
      writeFileSync(file, JSON.stringify(note))
      const report = await TursoBackend.promote({ path, url })
      expect(report.versions).toBe(0)
      await expectPromoted(report, url, before)
    }))

  it('what is written after a kill into the copy, that nothing marked as one, is merged when told to', () =>
    withKilled('in place', async (path, url, before) => {
      await writeHere(path)
      const written = await nodesOf(path)
      expect(await failureOf(TursoBackend.promote({ path, url }))).toMatchObject({ code: 'MG_CONFLICT' })
      expect(await nodesOf(path)).toEqual(written)
      const report = await TursoBackend.promote({ path, url, merge: true })
      expect(report.nodes).toMatchObject({ copied: 1, unchanged: MEMORIES })
      expect(await nodesOf(path)).toEqual(written)
      // Of both files there is a backup.
      const backups = readdirSync(dirname(path)).filter((name) => name.includes('before-promote'))
      expect(backups).toHaveLength(2)
      expect(await nodesOf(join(dirname(path), String(backups.sort()[0])))).toEqual(before)
      expect(filesIn(dirname(path)).filter((name) => name.includes('promoting'))).toEqual([])
    }))

  it('a program that has opened the copy, that nothing marked as one, is not robbed of it', () =>
    withKilled('in place', async (path, url, before) => {
      const user = await TursoBackend.create({ path })
      const error = await failureOf(TursoBackend.promote({ path, url, busyTimeoutMs: 200 }))
      expect(error).toMatchObject({ code: 'MG_BUSY', retryable: true })
      await user.disconnect()
      await letGo()
      await expectPromoted(await TursoBackend.promote({ path, url }), url, before)
    }))

  it('a promotion to another primary does not take the file for a copy of that', () =>
    withKilled('in place', async (path) => {
      await using other = await startSqld()
      const error = await failureOf(TursoBackend.promote({ path, url: other.url }))
      expect(error).toMatchObject({ code: 'MG_CONFIGURATION' })
      expect(error.message).toContain('a copy of a primary already')
      expect(filesIn(dirname(path))).toEqual(PROMOTED)
    }))

  it.each(['named twice', 'in place'] as const)(
    'detach ends what a kill left when the file was %s',
    (change) =>
      withKilled(change, async (path, _, before) => {
        expect(await TursoBackend.detach({ path })).toMatchObject({ path, nodes: MEMORIES })
        const kept = change === 'in place' ? ['memory.db', 'memory.db.backup'] : ['memory.db']
        expect(filesIn(dirname(path))).toEqual(kept)
        await writeHere(path)
        expect(await nodesOf(path)).toEqual(expect.arrayContaining(before))
      }),
  )
})

describe('several processes that promote one file at once', () => {
  it('promote it once; the others say that it is being promoted, or was', async () => {
    await using sqld = await startSqld()
    const { url } = sqld
    const path = await localFile()
    const before = await nodesOf(path)
    const ended = await Promise.all([1, 2, 3].map(() => promoteApart(path, url, 'never', '0')))
    expect(ended.filter(({ code }) => code === 0)).toHaveLength(1)
    for (const { code, said } of ended) {
      if (code !== 0) expect(said).toMatch(/^MG_(BUSY|CONFIGURATION) Cannot promote /)
    }
    expect(filesIn(dirname(path))).toEqual(PROMOTED)
    expect(await nodesOf(path)).toEqual(before)
    expect(await seenBy({ path, url })).toBe(MEMORIES)
  })
})

describe('a link to a file', () => {
  it('leads promote and detach to the file, which stays one', async () => {
    await using sqld = await startSqld()
    const { url } = sqld
    const path = await localFile()
    const before = await nodesOf(path)
    const link = join(scratchFolder(), 'link.db')
    symlinkSync(path, link)
    const report = await TursoBackend.promote({ path: link, url })
    expect(report).toMatchObject({ path, backup_path: expect.stringContaining(`${path}.before-promote-`) })
    await expectPromoted(report, url, before)
    expect(lstatSync(link).isSymbolicLink()).toBe(true)
    expect(readdirSync(dirname(link))).toEqual(['link.db'])
    expect(await TursoBackend.detach({ path: link })).toEqual({
      path,
      nodes: MEMORIES + 1,
      relationships: 0,
    })
    expect(filesIn(dirname(path))).toEqual(['memory.db', 'memory.db.backup'])
  })
})

describe('promote and detach refuse', () => {
  const url = 'http://127.0.0.1:1'

  it('what is no database, in the words of connect', async () => {
    const folder = scratchFolder()
    const text = join(folder, 'text.db')
    writeFileSync(text, 'This is a letter to Mary, and no database. '.repeat(200))
    const before = readFileSync(text)
    for (const path of [folder, text]) {
      const { code, message } = await failureOf(TursoBackend.create({ path }))
      expect(['MG_CONNECTION', 'MG_NOT_A_DATABASE']).toContain(code)
      for (const work of [() => TursoBackend.promote({ path, url }), () => TursoBackend.detach({ path })])
        expect(await failureOf(work())).toMatchObject({ code, message })
    }
    expect(readFileSync(text).equals(before)).toBe(true)
    expect(readdirSync(folder)).toEqual(['text.db'])
    expect(readdirSync(dirname(folder)).filter((name) => name.startsWith(`${basename(folder)}-`))).toEqual([])
  })

  it('a name that stands for nothing, without making its folder', async () => {
    const folder = join(scratchFolder(), 'not', 'there')
    const path = join(folder, 'memory.db')
    for (const work of [() => TursoBackend.promote({ path, url }), () => TursoBackend.detach({ path })])
      expect(await failureOf(work())).toMatchObject({ code: 'MG_CONFIGURATION' })
    expect(existsSync(folder)).toBe(false)
  })
})

const isRoot = process.getuid?.() === 0

/** Runs a program over a path in a process that is not the superuser, who may write anywhere. */
function runUnprivileged(program: string): SpawnSyncReturns<string> {
  const source = `import { TursoBackend } from '${ENTRY}'
    const attempt = (work) => work.then(() => 'done', (error) => error.code + ' ' + error.message)
    ${program}`
  return spawnSync(process.execPath, ['--input-type=module', '-e', source], {
    encoding: 'utf8',
    ...(isRoot && { uid: NOBODY, gid: NOBODY }),
  })
}

/** The package may lie where only the superuser can read it. */
const canRun = spawnSync(process.execPath, ['-e', `require('node:fs').accessSync('${ENTRY}')`], {
  ...(isRoot && { uid: NOBODY, gid: NOBODY }),
})

describe.skipIf(canRun.status !== 0)('a folder that cannot be written', () => {
  it('is MG_READ_ONLY before anything is sent', async () => {
    const path = await localFile()
    const folder = dirname(path)
    if (isRoot) for (const file of [folder, path]) chownSync(file, NOBODY, NOBODY)
    chmodSync(folder, 0o555)
    const before = readdirSync(folder)
    // No primary answers there, which nobody is to find out.
    const { stdout } = runUnprivileged(
      `console.log(await attempt(TursoBackend.promote({ path: '${path}', url: 'http://127.0.0.1:1', maxRetries: 0 })))`,
    )
    expect(stdout).toMatch(/^MG_READ_ONLY Cannot promote .*memory\.db: EACCES: .* cannot be written\n$/)
    expect(readdirSync(folder)).toEqual(before)
    chmodSync(folder, 0o755)
  })

  it('is MG_READ_ONLY to detach, and the copy stays one', async () => {
    await using sqld = await startSqld()
    const path = await localFile()
    await TursoBackend.promote({ path, url: sqld.url })
    await letGo()
    const folder = dirname(path)
    rmSync(`${path}-sync-lock`)
    if (isRoot) for (const name of ['', ...readdirSync(folder)]) chownSync(join(folder, name), NOBODY, NOBODY)
    chmodSync(folder, 0o555)
    const before = readdirSync(folder)
    const { stdout } = runUnprivileged(`console.log(await attempt(TursoBackend.detach({ path: '${path}' })))`)
    expect(stdout).toMatch(/^MG_READ_ONLY Cannot detach .*memory\.db: EACCES: .* cannot be written\n$/)
    expect(readdirSync(folder)).toEqual(before)
    chmodSync(folder, 0o755)
    expect(await TursoBackend.detach({ path })).toMatchObject({ nodes: MEMORIES })
  })
})

/** A disk of its own, in memory; `null` where one cannot be mounted. */
function mountDisk(): string | null {
  const folder = join(scratchFolder(), 'disk')
  mkdirSync(folder)
  if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'none', folder]).status !== 0) return null
  onTestFinished(() => void spawnSync('umount', ['--lazy', folder]))
  return folder
}

describe.skipIf(!isRoot || process.platform !== 'linux')('a disk without room for a second copy', () => {
  it('is MG_STORAGE_FULL each time, and the file is as it was, until there is', async ({ skip }) => {
    const folder = mountDisk()
    if (folder === null) return skip('no disk can be mounted here')
    await using sqld = await startSqld()
    const { url } = sqld
    const path = await localFile(folder)
    const local = await TursoBackend.create({ path })
    await local.storeMemories(
      Array.from({ length: 20 }, (_, at) => memoryOf(`large-${at}`, 'x'.repeat(20_000))),
    )
    await local.disconnect()
    const before = await nodesOf(path)
    const filler = join(folder, 'filler')
    // First the download does not fit, then what brings its log into the database file.
    for (const [room, times] of [
      [200_000, 2],
      [2_000_000, 1],
    ] as const) {
      const { bavail, bsize } = statfsSync(folder)
      writeFileSync(filler, Buffer.alloc(bavail * bsize - room))
      for (let time = 0; time < times; time++) {
        const { code, said } = await promoteApart(path, url, 'never', '0')
        expect({ code, said }).toMatchObject({
          code: 1,
          said: expect.stringMatching(/^MG_STORAGE_FULL .*free some space.*The file is as it was/),
        })
        expect(filesIn(folder)).toEqual(['filler', 'memory.db'])
        expect(await nodesOf(path)).toEqual(before)
      }
      rmSync(filler)
    }
    await expectPromoted(await TursoBackend.promote({ path, url }), url, before)
  })
})
