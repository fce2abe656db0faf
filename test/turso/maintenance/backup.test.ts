import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, onTestFinished } from 'vitest'
import { TursoBackend, type TursoBackendOptions } from '../../../src/index.js'
import { digest, filesBeside } from '../../support/files.js'
import { startStoring } from '../../support/processes.js'
import { scratchFolder } from '../../support/scratch.js'
import { failureOf, note, notes } from '../remote/remote.js'

const BUILT = fileURLToPath(new URL('../../../dist/index.js', import.meta.url))
const CHECKPOINTS = fileURLToPath(new URL('../../support/checkpoint-worker.mjs', import.meta.url))

const NOBODY = 65_534
/** The superuser may write anywhere. */
const asNobody = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {}
/** The package may lie where only the superuser can read it. */
const canRun = spawnSync(process.execPath, ['-e', `require('node:fs').accessSync('${BUILT}')`], asNobody)

/** A backend on a new file with three memories, and where its backup may go. */
async function withFile(
  work: (backend: TursoBackend, path: string, target: string) => Promise<void>,
  options: TursoBackendOptions = {},
): Promise<void> {
  const folder = scratchFolder()
  const path = options.path ?? join(folder, 'memory.db')
  await using backend = await TursoBackend.create({ ...options, path })
  await backend.storeMemories(['a', 'b', 'c'].map((id) => note(`Note ${id}`, { id })))
  await backend.createRelationship('a', 'b', 'SOLVES')
  await work(backend, path, join(folder, 'backup.db'))
}

/** What is in a backup, as any reader finds it. */
async function contentOf(path: string, encryptionKey?: string): Promise<Record<string, unknown>> {
  await using backend = await TursoBackend.create({ path, encryptionKey })
  const ids: string[] = []
  for await (const { id } of backend.listMemories()) ids.push(id)
  const found = await backend.searchMemories({ query: 'about', limit: 1000 })
  const related = await backend.getRelatedMemories('a')
  return {
    ids: ids.sort(),
    found: found.length,
    related: related.map(([{ id }]) => id),
    check: await backend.executeQuery('PRAGMA integrity_check'),
  }
}

const WHOLE = { ids: ['a', 'b', 'c'], found: 3, related: ['b'], check: [{ integrity_check: 'ok' }] }

describe('a backup', () => {
  it('is one file with everything, and says what is in it', () =>
    withFile(async (backend, _, target) => {
      expect(await backend.backup(target)).toEqual({
        path: target,
        bytes: statSync(target).size,
        node_count: 3,
        relationship_count: 1,
        memory_count: 3,
        schema_version: expect.any(Number),
        position: 4,
        encrypted: false,
        synced: null,
        duration_ms: expect.any(Number),
      })
      expect(readdirSync(join(target, '..')).filter((name) => name.startsWith('backup'))).toEqual([
        'backup.db',
      ])
      expect(await contentOf(target)).toEqual(WHOLE)
    }))

  it('has the permissions of the database', () =>
    withFile(async (backend, path, target) => {
      await backend.backup(target)
      expect(statSync(target).mode).toBe(statSync(path).mode)
    }))

  it('of a :memory: database is a file with everything', () =>
    withFile(
      async (backend, _, target) => {
        expect(await backend.backup(target)).toMatchObject({ node_count: 3, encrypted: false })
        expect(await contentOf(target)).toEqual(WHOLE)
        await backend.storeMemory(note('later', { id: 'later' }))
      },
      { path: ':memory:' },
    ))

  it('of an encrypted file is encrypted with the same key', () =>
    withFile(
      async (backend, _, target) => {
        expect(await backend.backup(target)).toMatchObject({ node_count: 3, encrypted: true })
        expect(readFileSync(target).includes('All about')).toBe(false)
        expect(await failureOf(TursoBackend.create({ path: target }))).toMatchObject({
          code: 'MG_NOT_A_DATABASE',
        })
        expect(await contentOf(target, 'a key')).toEqual(WHOLE)
      },
      { encryptionKey: 'a key' },
    ))

  it('makes the folder', () =>
    withFile(async (backend, _, target) => {
      const deep = join(target, '..', 'a', 'b', 'backup.db')
      expect(await backend.backup(deep)).toMatchObject({ path: deep })
    }))

  it('tells how many bytes are copied', () =>
    withFile(async (backend, _, target) => {
      const told: unknown[] = []
      const { bytes } = await backend.backup(target, { onProgress: (progress) => told.push(progress) })
      expect(told.at(-2)).toEqual({ done: bytes, total: bytes, phase: 'copying' })
      expect(told.at(-1)).toMatchObject({ phase: 'verifying' })
    }))

  it('leaves the locks of this process on the file: another that closes it does not take its log away', () =>
    withFile(async (backend, path, target) => {
      await backend.backup(target)
      const other = `const { default: D } = await import('libsql'); const d = new D(process.argv[1]); d.exec('DELETE FROM mg_change WHERE 0'); d.close()`
      expect(spawnSync(process.execPath, ['--input-type=module', '-e', other, path]).status).toBe(0)
      expect(existsSync(`${path}-wal`)).toBe(true)
      await backend.storeMemory(note('later', { id: 'later' }))
      await using reader = await TursoBackend.create({ path })
      expect(await reader.getMemory('later')).not.toBeNull()
    }))
})

describe('a backup is refused', () => {
  it('where there is a file, unless it is to be replaced', () =>
    withFile(async (backend, _, target) => {
      await backend.backup(target)
      const before = digest(target)
      await backend.storeMemory(note('Note d', { id: 'd' }))
      const failure = await failureOf(backend.backup(target))
      expect(failure).toMatchObject({ name: 'ConflictError', code: 'MG_CONFLICT' })
      expect(failure.message).toContain('overwrite')
      expect(digest(target)).toBe(before)
      await backend.backup(target, { overwrite: true })
      expect((await contentOf(target))['ids']).toEqual(['a', 'b', 'c', 'd'])
    }))

  it('where a log of another database lies', () =>
    withFile(async (backend, _, target) => {
      writeFileSync(`${target}-wal`, '')
      expect(await failureOf(backend.backup(target, { overwrite: true }))).toMatchObject({
        code: 'MG_CONFLICT',
      })
      expect(existsSync(target)).toBe(false)
    }))

  it('at the database itself, by whatever name', () =>
    withFile(async (backend, path, target) => {
      symlinkSync(path, target)
      for (const itself of [path, target]) {
        const failure = await failureOf(backend.backup(itself, { overwrite: true }))
        expect(failure).toMatchObject({
          code: 'MG_CONFIGURATION',
          message: expect.stringContaining('itself'),
        })
      }
      expect(await backend.getMemory('a')).not.toBeNull()
    }))

  it.each(['-wal', '-shm', '-journal'])('at what the engine keeps beside a database: %s', (suffix) =>
    withFile(async (backend, path) => {
      const failure = await failureOf(backend.backup(`${path}${suffix}`, { overwrite: true }))
      expect(failure).toMatchObject({ code: 'MG_CONFLICT', message: expect.stringContaining('beside') })
      await backend.storeMemory(note('later', { id: 'later' }))
      await using reader = await TursoBackend.create({ path })
      expect(await reader.getMemory('later')).not.toBeNull()
    }),
  )

  it('at a folder', () =>
    withFile(async (backend, _, target) => {
      mkdirSync(target)
      const failure = await failureOf(backend.backup(target, { overwrite: true }))
      expect(failure).toMatchObject({ code: 'MG_CONNECTION', message: expect.stringContaining('folder') })
    }))

  it.each([
    ['', {}],
    [':memory:', {}],
    ['file:x', {}],
    ['x.db', { overwrite: 'yes' }],
    ['x.db', { compress: true }],
  ])('for wrong arguments: %j %j', (target, options) =>
    withFile(async (backend) => {
      expect(await failureOf(backend.backup(target, options as object))).toMatchObject({
        code: 'MG_CONFIGURATION',
      })
    }),
  )

  it('inside a transaction of the backend, and when it is not connected', () =>
    withFile(async (backend, _, target) => {
      await backend.transaction(async () => {
        expect(await failureOf(backend.backup(target))).toMatchObject({ code: 'MG_IN_TRANSACTION' })
      })
      await backend.disconnect()
      expect(await failureOf(backend.backup(target))).toMatchObject({ code: 'MG_NOT_CONNECTED' })
    }))

  it('of a database that is damaged', () =>
    withFile(async (backend, _, target) => {
      await backend.executeQuery(`DELETE FROM mg_text_data WHERE id > 10`, [], true)
      const failure = await failureOf(backend.backup(target))
      expect(failure).toMatchObject({ code: 'MG_CORRUPT', message: expect.stringContaining('doctor') })
      expect(readdirSync(join(target, '..')).filter((name) => name.startsWith('backup'))).toEqual([])
    }))
})

/** A file of some 12 MB. */
async function largeFile(path: string): Promise<TursoBackend> {
  const backend = await TursoBackend.create({ path, synchronous: 'normal' })
  await backend.storeMemories(notes(12, (at) => ({ id: `large${at}`, content: 'lorem '.repeat(80_000) })))
  return backend
}

describe('a backup that does not come to its end', () => {
  it('leaves nothing when it is aborted', async () => {
    const folder = scratchFolder()
    await using backend = await largeFile(join(folder, 'memory.db'))
    const target = join(folder, 'backup.db')
    const controller = new AbortController()
    const running = backend.backup(target, {
      signal: controller.signal,
      onProgress: () => controller.abort(),
    })
    expect(await failureOf(running)).toMatchObject({ code: 'MG_ABORTED' })
    expect(readdirSync(folder).filter((name) => name.startsWith('backup'))).toEqual([])
    await backend.backup(target)
  })

  it('leaves no file of that name when its process is killed', async () => {
    const folder = scratchFolder()
    const path = join(folder, 'memory.db')
    await (await largeFile(path)).disconnect()
    const target = join(folder, 'backup.db')
    const program = `import { TursoBackend } from '${BUILT}'
      const backend = await TursoBackend.create({ path: process.argv[1] })
      await backend.backup(process.argv[2], { onProgress: ({ phase }) => process.stdout.write(phase) })`
    for (const phase of ['copying', 'verifying']) {
      const child = spawn(process.execPath, ['--input-type=module', '-e', program, path, target])
      child.stdout.on('data', (told) => String(told).includes(phase) && child.kill('SIGKILL'))
      expect(await once(child, 'close')).toEqual([null, 'SIGKILL'])
      expect(existsSync(target)).toBe(false)
    }
    await using backend = await TursoBackend.create({ path })
    expect(await backend.backup(target)).toMatchObject({ node_count: 12 })
  })

  it('for want of space is MG_STORAGE_FULL, and leaves nothing', async () => {
    const folder = scratchFolder()
    const path = join(folder, 'memory.db')
    await (await largeFile(path)).disconnect()
    const program = `import { TursoBackend } from '${BUILT}'
      const backend = await TursoBackend.create({ path: process.argv[1] })
      console.log(await backend.backup(process.argv[2]).catch(({ code }) => code))`
    const node = [process.execPath, '--input-type=module', '-e', program, path, join(folder, 'backup.db')]
    const { stdout } = spawnSync('bash', ['-c', 'ulimit -f 4000; exec "$@"', 'bash', ...node], {
      encoding: 'utf8',
    })
    expect(stdout).toBe('MG_STORAGE_FULL\n')
    expect(filesBeside(path)).toEqual(['memory.db'])
  })

  it.skipIf(canRun.status !== 0)('in a folder that cannot be written is MG_READ_ONLY', () => {
    const path = join(scratchFolder(), 'memory.db')
    chmodSync(dirname(path), 0o777)
    const folder = scratchFolder()
    chmodSync(folder, 0o555)
    const program = `import { TursoBackend } from '${BUILT}'
      const backend = await TursoBackend.create({ path: process.argv[1] })
      console.log(await backend.backup(process.argv[2]).catch(({ code }) => code))`
    const node = ['--input-type=module', '-e', program, path, join(folder, 'backup.db')]
    const { stdout, stderr } = spawnSync(process.execPath, node, { encoding: 'utf8', ...asNobody })
    expect(`${stdout}${stderr}`).toBe('MG_READ_ONLY\n')
    expect(readdirSync(folder)).toEqual([])
  })

  it('does not hold the event loop, and closing waits for it', async () => {
    const folder = scratchFolder()
    const backend = await largeFile(join(folder, 'memory.db'))
    let turns = 0
    const timer = setInterval(() => turns++, 5)
    onTestFinished(() => clearInterval(timer))
    let isDone = false
    const running = backend.backup(join(folder, 'backup.db')).then((report) => {
      isDone = true
      return report
    })
    await new Promise((resolve) => setTimeout(resolve, 10))
    await backend.disconnect()
    expect(isDone).toBe(true)
    const { duration_ms } = await running
    expect(turns).toBeGreaterThan(duration_ms / 5 / 4) // a quarter of the turns it could have had
  })
})

it('has all that was acknowledged before, while other processes write and move the log', async () => {
  const folder = scratchFolder()
  const path = join(folder, 'memory.db')
  await using backend = await TursoBackend.create({ path })
  const checkpoints = spawn(process.execPath, [CHECKPOINTS, path])
  onTestFinished(() => void checkpoints.kill('SIGKILL'))
  let complaint = ''
  checkpoints.stderr.on('data', (text) => {
    complaint += text
  })
  await once(checkpoints.stdout, 'data')
  const writers = ['one', 'two'].map((name) => startStoring(path, name, 100_000))
  for (let round = 0; round < 5; round++) {
    await expect
      .poll(() => writers.every((writer) => writer.acknowledged().length > round * 20), { timeout: 30_000 })
      .toBe(true)
    const acknowledged = writers.flatMap((writer) => writer.acknowledged())
    const target = join(folder, `backup-${round}.db`)
    const { node_count } = await backend.backup(target)
    expect(node_count).toBeGreaterThanOrEqual(acknowledged.length)
    await using copy = await TursoBackend.create({ path: target })
    expect(await copy.getMemories(acknowledged)).toHaveLength(acknowledged.length)
    expect((await copy.getMemoryStatistics()).total_memories.count).toBe(node_count)
  }
  expect(complaint).toBe('')
  for (const { child, ended } of writers) {
    child.kill('SIGKILL')
    expect((await ended).stderr).toBe('')
  }
})
