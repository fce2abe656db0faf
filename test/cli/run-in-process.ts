import { Readable } from 'node:stream'
import { vi } from 'vitest'
import { runProgram } from '../../src/cli/program.js'

const SETTING = /^(MEMORY|MEMORYGRAPH|TURSO)_/

/** What was printed. */
export type Printed = { readonly stdout: string; readonly stderr: string }

/** What a command line printed, and the exit code it set. */
export type ProgramResult = Printed & { readonly code: number }

export type ProgramSettings = {
  /** Whether both streams pretend to be a terminal. */
  readonly terminal?: boolean
  /** What stdin holds. */
  readonly input?: string | Uint8Array
  /** The settings that there are, in place of those of the environment. */
  readonly env?: Readonly<Record<string, string>>
}

/** Runs a command line in this process. */
export async function runInProcess(
  parameters: readonly string[],
  { terminal = false, input = '', env }: ProgramSettings = {},
): Promise<ProgramResult> {
  const before = process.exitCode
  const restore = env ? replaceSettings(env) : () => undefined
  process.exitCode = undefined
  const stdin = vi.spyOn(process, 'stdin', 'get')
  stdin.mockReturnValue(Readable.from([Buffer.from(input)]) as typeof process.stdin)
  try {
    const printed = await capture(terminal, () => runProgram(parameters))
    return { code: Number(process.exitCode ?? 0), ...printed }
  } finally {
    stdin.mockRestore()
    restore()
    process.exitCode = before
  }
}

/** Puts settings in place of those of the environment, and returns what undoes that. */
function replaceSettings(settings: Readonly<Record<string, string>>): () => void {
  const before = Object.entries(process.env).filter(([name]) => SETTING.test(name))
  const remove = (): void => {
    for (const name of Object.keys(process.env)) if (SETTING.test(name)) delete process.env[name]
  }
  remove()
  Object.assign(process.env, settings)
  return () => {
    remove()
    Object.assign(process.env, Object.fromEntries(before))
  }
}

/** Does some work while both streams pretend to be a terminal, and returns what it printed. */
export function onTerminal(work: () => Promise<void>): Promise<Printed> {
  return capture(true, work)
}

async function capture(terminal: boolean, work: () => Promise<void>): Promise<Printed> {
  const printed = { stdout: '', stderr: '' }
  const restore = (['stdout', 'stderr'] as const).map((name) => {
    const stream = process[name]
    const wasTerminal = stream.isTTY
    stream.isTTY = terminal
    const spy = vi.spyOn(stream, 'write').mockImplementation((text) => {
      printed[name] += String(text)
      return true
    })
    return () => {
      spy.mockRestore()
      stream.isTTY = wasTerminal
    }
  })
  try {
    await work()
    return printed
  } finally {
    for (const undo of restore) undo()
  }
}
