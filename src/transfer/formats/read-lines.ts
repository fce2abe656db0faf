import { createReadStream } from 'node:fs'
import { decodeUtf8 } from './decode-utf8.js'
import { sourceFault, unreadable } from './source-fault.js'

/** A line of a text file, without what ends it. */
export type TextLine = {
  /** From 1. */
  readonly line: number
  readonly text: string
}

const CHUNK_BYTES = 256 * 1024
const MAX_LINE_BYTES = 256 * 1024 * 1024
const NEWLINE = 0x0a

/**
 * Reads a UTF-8 file line by line, in memory that does not grow with it. Lines end with `\n` or `\r\n`, the last one also with the
 * file; a byte order mark is left out.
 *
 * @throws `MG_VALIDATION` the file cannot be read, is not UTF-8, or has a line of more than 256 MiB; `details.line` says which
 */
export async function* readLines(path: string): AsyncGenerator<TextLine, void, undefined> {
  let line = 1
  let pending: Buffer[] = []
  let pendingBytes = 0
  for await (const chunk of readChunks(path)) {
    const newline = chunk.indexOf(NEWLINE)
    const bytes = pendingBytes + (newline < 0 ? chunk.length : newline)
    if (bytes > MAX_LINE_BYTES)
      throw sourceFault(path, 'is longer than the 256 MiB that a line may have', { line })
    const end = chunk.lastIndexOf(NEWLINE) + 1
    if (end > 0) {
      const block = decodeUtf8(Buffer.concat([...pending, chunk.subarray(0, end)]), path, line)
      for (const text of block.slice(0, -1).split('\n')) yield { line: line++, text: withoutReturn(text) }
      pending = []
      pendingBytes = 0
    }
    pending.push(chunk.subarray(end))
    pendingBytes += chunk.length - end
  }
  if (pendingBytes === 0) return
  const text = decodeUtf8(Buffer.concat(pending), path, line)
  if (text !== '') yield { line, text: withoutReturn(text) }
}

async function* readChunks(path: string): AsyncGenerator<Buffer, void, undefined> {
  try {
    yield* createReadStream(path, { highWaterMark: CHUNK_BYTES })
  } catch (cause) {
    throw unreadable(path, cause)
  }
}

function withoutReturn(text: string): string {
  return text.endsWith('\r') ? text.slice(0, -1) : text
}
