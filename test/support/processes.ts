import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'

const WORKER = fileURLToPath(new URL('./store-worker.mjs', import.meta.url))

/** A running process that stores memories, and what it has acknowledged. */
export type StoreProcess = {
  readonly child: ChildProcess
  /** Ids the process printed, which it does after each store resolved. */
  acknowledged(): string[]
  /** Resolves with the exit code (`null` when killed) and what was written to stderr. */
  readonly ended: Promise<{ code: number | null; stderr: string }>
}

/** Starts a process that stores memories in a file; it is killed at the latest when the test ends. */
export function startStoring(path: string, name: string, many: number, bulk?: number): StoreProcess {
  const child = spawn(process.execPath, [WORKER, path, name, String(many), ...(bulk ? [String(bulk)] : [])])
  onTestFinished(() => void child.kill('SIGKILL'))
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (data) => {
    stdout += data
  })
  child.stderr.on('data', (data) => {
    stderr += data
  })
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, stderr }))
  return { child, ended, acknowledged: () => stdout.split('\n').slice(0, -1) }
}
