import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

const WORKER = fileURLToPath(new URL('../../support/graph-worker.mjs', import.meta.url))
/** Less than threads wait for more work. */
const timeout = 4_500

const run = promisify(execFile)

it('a process stays until work in a thread is done, and ends when it has nothing else to do', async () => {
  const flags = ['--no-warnings', '--import', 'data:text/javascript,process.stderr.write("once")']
  const { stdout, stderr } = await run(process.execPath, [...flags, WORKER], { timeout })
  expect(stdout).toBe('7 characters, 1 thread\n')
  expect(stderr).toBe('once')
})

it('a process ends when it has stopped work in a thread', async () => {
  const { stdout, stderr } = await run(process.execPath, [WORKER, 'abort'], { timeout })
  expect(stdout).toBe('MG_ABORTED\n')
  expect(stderr).toBe('')
})
