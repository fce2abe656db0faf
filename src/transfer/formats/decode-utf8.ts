import { isUtf8 } from 'node:buffer'
import { sourceFault } from './source-fault.js'

const NEWLINE = 0x0a

/**
 * The text in bytes of a file, without a byte order mark where they begin on line 1.
 *
 * @throws `MG_VALIDATION` they are not UTF-8; `details.line` says where, counted from `firstLine`
 */
export function decodeUtf8(bytes: Buffer, path: string, firstLine = 1): string {
  if (!isUtf8(bytes)) throw sourceFault(path, 'is not UTF-8', { line: firstLine + linesBeforeFault(bytes) })
  const text = bytes.toString('utf8')
  return firstLine === 1 && text.startsWith('\ufeff') ? text.slice(1) : text
}

function linesBeforeFault(bytes: Buffer): number {
  let lines = 0
  for (let start = 0; ; lines++) {
    const end = bytes.indexOf(NEWLINE, start)
    if (end < 0 || !isUtf8(bytes.subarray(start, end))) return lines
    start = end + 1
  }
}
