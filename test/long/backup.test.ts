import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it, onTestFinished } from 'vitest'
import { TursoBackend } from '../../src/backends/turso/turso-backend.js'
import { startStoring } from '../support/processes.js'
import { scratchFolder } from '../support/scratch.js'

const CHECKPOINTS = fileURLToPath(new URL('../support/checkpoint-worker.mjs', import.meta.url))
const BACKUPS = 60

it('60 backups while 4 processes write and 2 move the log: each sound, and none lacks what was acknowledged', async () => {
  const folder = scratchFolder()
  const path = join(folder, 'memory.db')
  await using backend = await TursoBackend.create({ path, busyTimeoutMs: 60_000 })
  const checkpoints = [1, 2].map(() => spawn(process.execPath, [CHECKPOINTS, path]))
  onTestFinished(() => checkpoints.forEach((child) => void child.kill('SIGKILL')))
  const complaints: string[] = []
  for (const child of checkpoints) child.stderr.on('data', (text) => complaints.push(String(text)))
  await Promise.all(checkpoints.map((child) => once(child.stdout, 'data')))
  const writers = Array.from({ length: 4 }, (_, at) =>
    startStoring(path, `w${at}`, 1_000_000, at > 1 ? 20 : undefined),
  )
  await expect
    .poll(() => writers.every((writer) => writer.acknowledged().length > 0), { timeout: 30_000 })
    .toBe(true)
  for (let round = 0; round < BACKUPS; round++) {
    const acknowledged = writers.flatMap((writer) => writer.acknowledged())
    const target = join(folder, `backup-${round}.db`)
    const { node_count } = await backend.backup(target)
    const copy = await TursoBackend.create({ path: target })
    expect(await copy.getMemories(acknowledged)).toHaveLength(acknowledged.length)
    expect((await copy.getMemoryStatistics()).total_memories.count).toBe(node_count)
    expect(await copy.executeQuery('PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }])
    await copy.disconnect()
    rmSync(target)
  }
  expect(complaints).toEqual([])
  for (const { child, ended } of writers) {
    child.kill('SIGKILL')
    expect((await ended).stderr).toBe('')
  }
  expect(await backend.executeQuery('PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }])
})
