import { styleText } from 'node:util'
import { MemoryError } from '../errors.js'

/** How a command was asked to print. */
export type OutputSettings = { readonly json: boolean; readonly quiet: boolean; readonly color: boolean }

/** Styles that printed text uses. */
export type Style = 'bold' | 'dim' | 'red' | 'yellow' | 'green'

/** The code of errors that lie in the command line. */
export const USAGE = 'USAGE'

/** The only way to the terminal: results go to stdout, everything else to stderr. */
export class Output {
  readonly settings: OutputSettings

  constructor(settings: OutputSettings) {
    this.settings = settings
  }

  /** The result of a command: one JSON document with `--json`, else text. */
  result(value: unknown, text: () => string): void {
    const shown = this.settings.json ? toJson(value, 2) : text()
    if (shown !== '') process.stdout.write(`${shown}\n`)
  }

  /** Something for a person to read along the way; not with `--json` or `--quiet`. */
  note(text: string): void {
    if (this.settings.json || this.settings.quiet) return
    process.stderr.write(`${this.#style(process.stderr, 'dim', printable(text))}\n`)
  }

  /** Something that may need attention. */
  warn(text: string): void {
    if (this.settings.json) process.stderr.write(`${toJson({ warning: text })}\n`)
    else process.stderr.write(`${this.#style(process.stderr, 'yellow', 'warning:')} ${printable(text)}\n`)
  }

  /** Why a command failed. */
  error(code: string, message: string): void {
    if (this.settings.json) process.stderr.write(`${toJson({ error: { code, message } })}\n`)
    else
      process.stderr.write(
        `${this.#style(process.stderr, 'red', 'error:')} ${printable(message)} [${code}]\n`,
      )
  }

  /** Text for stdout in a style, where that can be seen. */
  style(style: Style, text: string): string {
    return this.#style(process.stdout, style, text)
  }

  /** Whether a person may be watching stderr. */
  get showsProgress(): boolean {
    return process.stderr.isTTY === true && !this.settings.json && !this.settings.quiet
  }

  #style(stream: NodeJS.WriteStream, style: Style, text: string): string {
    const isPlain = !this.settings.color || stream.isTTY !== true || Boolean(process.env['NO_COLOR'])
    return isPlain ? text : styleText(style, text, { validateStream: false })
  }
}

/** JSON that does not steer the terminal either: it escapes only the first of the control characters by itself. */
function toJson(value: unknown, indent?: number): string {
  return JSON.stringify(value, null, indent).replace(
    /[\u007f-\u009f]/g,
    (character) => `\\u00${character.charCodeAt(0).toString(16)}`,
  )
}

/** Stored text as it can be shown without steering the terminal. */
export function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, (character) =>
    character === '\n' || character === '\t'
      ? character
      : `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`,
  )
}

/** Stored text on one line. */
export function oneLine(text: string): string {
  return printable(text.replace(/\s+/g, ' ').trim())
}

/** The code and message that an error is printed with. */
export function describeError(error: unknown): { code: string; message: string } {
  if (MemoryError.is(error)) return { code: error.code, message: error.message }
  return { code: 'MG_INTERNAL', message: error instanceof Error ? error.message : String(error) }
}

/** Lets a reader that has seen enough (`| head`) close the pipe without a stack trace. */
export function ignoreClosedPipes(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error
    })
  }
}
