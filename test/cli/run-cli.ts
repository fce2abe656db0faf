import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** What a process printed and returned. */
export type CliResult = { readonly code: number | null; readonly stdout: string; readonly stderr: string }

export type CliSettings = {
  readonly env?: Readonly<Record<string, string>>
  readonly input?: string
  /** Closes stdout after its first output, as `| head -1` does. */
  readonly closeStdout?: boolean
  /** Presses Ctrl-C when this resolves. */
  readonly interruptAfter?: Promise<unknown>
}

const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url))

/** Runs the built command line in a process of its own, with nothing of this process's environment but the PATH. */
export function runCli(parameters: readonly string[], settings: CliSettings = {}): Promise<CliResult> {
  const env = { PATH: process.env['PATH'], HOME: '/nonexistent', ...settings.env }
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [MAIN, ...parameters], { env })
    let stdout = ''
    let stderr = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text
      if (settings.closeStdout) child.stdout.destroy()
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text
    })
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, stdout, stderr }))
    void settings.interruptAfter?.then(() => child.kill('SIGINT'))
    child.stdin.on('error', () => undefined) // it may end before it has read all
    child.stdin.end(settings.input ?? '')
  })
}
