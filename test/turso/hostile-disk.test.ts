import { type SpawnSyncReturns, spawnSync } from 'node:child_process'
import { chmodSync, chownSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { TursoBackend } from '../../src/backends/turso/turso-backend.js'
import { scratchFolder } from '../support/scratch.js'

const ENTRY = fileURLToPath(new URL('../../dist/index.js', import.meta.url))
const NOBODY = 65_534
const isRoot = process.getuid?.() === 0

/** Runs a program over a backend in a process that is not the superuser, who may write anywhere. */
function runUnprivileged(path: string, program: string, shell = ''): SpawnSyncReturns<string> {
  const source = `import { TursoBackend } from '${ENTRY}'
    const backend = new TursoBackend({ path: ${JSON.stringify(path)} })
    const memory = (id, size = 10) => ({ id, type: 'general', title: id, content: 'x'.repeat(size) })
    const attempt = (work) => work().then((value) => value, (error) => error.code)
    ${program}`
  const command = [process.execPath, '--input-type=module', '-e', source]
  const [file, ...parameters] =
    shell === '' ? command : ['bash', '-c', `${shell}; exec "$@"`, 'bash', ...command]
  return spawnSync(file as string, parameters, {
    encoding: 'utf8',
    ...(isRoot && { uid: NOBODY, gid: NOBODY }),
  })
}

function belongsToNobody(...paths: string[]): void {
  if (isRoot) for (const path of paths) chownSync(path, NOBODY, NOBODY)
}

/** The package may lie where only the superuser can read it. */
const canRun = spawnSync(process.execPath, ['-e', `require('node:fs').accessSync('${ENTRY}')`], {
  ...(isRoot && { uid: NOBODY, gid: NOBODY }),
})

describe.skipIf(canRun.status !== 0)('a disk that does not do what it is told', () => {
  it('a file that cannot be written can be read, and a write is MG_READ_ONLY', async () => {
    const folder = scratchFolder()
    const path = join(folder, 'memory.db')
    const backend = await TursoBackend.create({ path })
    await backend.storeMemory({ id: 'a', type: 'general', title: 'Read me', content: 'only' })
    await backend.disconnect()
    for (const name of readdirSync(folder)) chmodSync(join(folder, name), 0o444)
    chmodSync(folder, 0o755)
    const before = readFileSync(path)
    const { stdout, stderr } = runUnprivileged(
      path,
      `await backend.connect()
      console.log(JSON.stringify([(await backend.getMemory('a')).title, await attempt(() => backend.storeMemory(memory('b')))]))
      await backend.disconnect()`,
    )
    expect(`${stdout}${stderr}`).toBe('["Read me","MG_READ_ONLY"]\n')
    expect(readFileSync(path).equals(before)).toBe(true)
  })

  it('a file that was closed in a folder that cannot be written is MG_READ_ONLY, and nothing is written', () => {
    const folder = scratchFolder()
    const path = join(folder, 'memory.db')
    const create = `const { TursoBackend } = await import('${ENTRY}'); await (await TursoBackend.create({ path: process.argv[1] })).disconnect()`
    expect(spawnSync(process.execPath, ['--input-type=module', '-e', create, path]).status).toBe(0)
    expect(readdirSync(folder)).toEqual(['memory.db'])
    chmodSync(path, 0o444)
    chmodSync(folder, 0o555)
    const { stdout } = runUnprivileged(
      path,
      `console.log(await backend.connect().catch((error) => error.code + " " + error.message))`,
    )
    chmodSync(folder, 0o755)
    expect(stdout).toMatch(/^MG_READ_ONLY .*cannot be written/)
    expect(readdirSync(folder)).toEqual(['memory.db'])
  })

  it('a folder that cannot be written is MG_CONNECTION, and names the path', () => {
    const folder = scratchFolder()
    chmodSync(folder, 0o555)
    const { stdout } = runUnprivileged(
      join(folder, 'deep', 'memory.db'),
      `console.log(await backend.connect().catch((error) => error.code + ' ' + error.message))`,
    )
    expect(stdout).toMatch(/^MG_CONNECTION Cannot open .*memory\.db/)
  })

  it('a full disk is MG_STORAGE_FULL, nothing half-written stays, and the backend goes on when there is space', () => {
    const folder = scratchFolder()
    belongsToNobody(folder)
    const { stdout, stderr } = runUnprivileged(
      join(folder, 'memory.db'),
      `await backend.connect()
      await backend.initializeSchema()
      await backend.storeMemory(memory('small'))
      const bulk = Array.from({ length: 50 }, (_, at) => memory('big' + at, 100_000))
      const refused = await attempt(() => backend.storeMemories(bulk))
      const count = async () => (await backend.getMemoryStatistics()).total_memories.count
      const left = await count()
      await backend.storeMemory(memory('after'))
      console.log(JSON.stringify([refused, left, await count(), await backend.executeQuery('PRAGMA integrity_check')]))`,
      'ulimit -f 2000',
    )
    expect(`${stdout}${stderr}`).toBe('["MG_STORAGE_FULL",1,2,[{"integrity_check":"ok"}]]\n')
  })
})
