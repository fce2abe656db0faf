import { ValidationError } from '../errors.js'

/** All of stdin as text, without the newline that commands such as `echo` end it with. */
export async function readStdin(): Promise<string> {
  return decode(await collectStdin(), 'stdin').replace(/\r?\n$/, '')
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
