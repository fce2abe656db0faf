import { vi } from 'vitest'
import { runProgram } from '../../src/cli/program.js'

/** What was printed. */
export type Printed = { readonly stdout: string; readonly stderr: string }

/** What a command line printed, and the exit code it set. */
export type ProgramResult = Printed & { readonly code: number }

/** Runs a command line in this process; `terminal` says whether both streams pretend to be one. */
export async function runInProcess(
  parameters: readonly string[],
  { terminal = false }: { readonly terminal?: boolean } = {},
): Promise<ProgramResult> {
  const before = process.exitCode
  process.exitCode = undefined
  try {
    const printed = await capture(terminal, () => runProgram(parameters))
    return { code: Number(process.exitCode ?? 0), ...printed }
  } finally {
    process.exitCode = before
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
