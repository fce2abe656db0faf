import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Output } from '../../src/cli/output.js'
import { openProgress } from '../../src/cli/progress.js'
import { onTerminal, runInProcess } from './run-in-process.js'

beforeEach(() => {
  for (const name of ['MEMORY_BACKEND', 'NO_COLOR']) vi.stubEnv(name, undefined)
})

afterEach(() => {
  vi.unstubAllEnvs()
})

describe('on a terminal', () => {
  it('results and messages have colours, unless NO_COLOR or --no-color says otherwise', async () => {
    const parameters = ['health', '--backend', 'memory']
    const red = ['get', 'missing', '--backend', 'memory']
    expect((await runInProcess(parameters, { terminal: true })).stdout).toContain('\u001b[32mhealthy')
    expect((await runInProcess(red, { terminal: true })).stderr).toContain('\u001b[31merror:')
    expect((await runInProcess([...parameters, '--no-color'], { terminal: true })).stdout).not.toContain(
      '\u001b',
    )
    expect((await runInProcess(['--no-color', ...parameters], { terminal: true })).stdout).not.toContain(
      '\u001b',
    )
    vi.stubEnv('NO_COLOR', '1')
    expect((await runInProcess(parameters, { terminal: true })).stdout).not.toContain('\u001b')
    expect((await runInProcess(red, { terminal: true })).stderr).not.toContain('\u001b')
  })

  it('long work shows a progress bar on stderr, and takes it away at the end', async () => {
    const text = await onTerminal(async () => {
      const clock = vi.spyOn(performance, 'now').mockReturnValue(0)
      const { onProgress, close } = openProgress(
        new Output({ json: false, quiet: false, color: false }),
        'Importing',
      )
      onProgress({ done: 1, total: 8, phase: '' })
      clock.mockReturnValue(10_000)
      onProgress({ done: 2, total: 8, phase: '' })
      await vi.dynamicImportSettled()
      onProgress({ done: 4, total: 8, phase: '' })
      close()
      clock.mockRestore()
    })
    expect(text.stderr).toContain('Importing')
    expect(text.stderr).toContain('2/8')
    expect(text.stderr).not.toContain('1/8')
    expect(text.stdout).toBe('')
  })

  it.each([{ json: true }, { quiet: true }])('there is no progress bar with %o', async (settings) => {
    const text = await onTerminal(async () => {
      const clock = vi.spyOn(performance, 'now').mockReturnValue(0)
      const output = new Output({ json: false, quiet: false, color: false, ...settings })
      const { onProgress, close } = openProgress(output, 'Importing')
      clock.mockReturnValue(10_000)
      onProgress({ done: 2, total: 8, phase: '' })
      await vi.dynamicImportSettled()
      close()
      clock.mockRestore()
    })
    expect(text.stderr).toBe('')
  })
})
