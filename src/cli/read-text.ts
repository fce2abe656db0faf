import { readFile } from 'node:fs/promises'
import { ValidationError } from '../errors.js'

/** All of stdin as text, without the newline that commands such as `echo` end it with. */
export async function readStdin(): Promise<string> {
  return decode(await collectStdin(), 'stdin').replace(/\r?\n$/, '')
}

/** The JSON document in a file, or with `-` on stdin. Python's `NaN` is read too. */
export async function readJson(file: string): Promise<unknown> {
  const name = file === '-' ? 'stdin' : JSON.stringify(file)
  const bytes = file === '-' ? await collectStdin() : await readBytes(file)
  const { decodeJson } = await import('../model/json-text.js')
  try {
    return decodeJson(decode(bytes, name))
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause
    throw new ValidationError(`There is no JSON document in ${name}: ${cause.message}`, { cause })
  }
}

async function readBytes(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file)
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new ValidationError(`Cannot read the file ${JSON.stringify(file)}: ${reason}`, { cause })
  }
}

async function collectStdin(): Promise<Uint8Array> {
  const chunks: Buffer[] = []
  for await (const chunk of process.stdin) chunks.push(Buffer.from(chunk))
  return Buffer.concat(chunks)
}

function decode(bytes: Uint8Array, name: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    throw new ValidationError(`The text in ${name} is not UTF-8`, { cause })
  }
}
