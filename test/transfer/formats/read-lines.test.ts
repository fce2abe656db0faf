import { appendFileSync, readdirSync, readlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { ValidationError } from '../../../src/errors.js'
import { readLines } from '../../../src/transfer/formats/read-lines.js'
import { scratchFolder } from '../../support/scratch.js'
import { all, fileOf } from './records.js'

async function texts(bytes: string | Uint8Array): Promise<string[]> {
  return (await all(readLines(fileOf(bytes)))).map(({ text }) => text)
}

describe('readLines()', () => {
  it('numbers lines from 1', async () => {
    expect(await all(readLines(fileOf('a\n\nb\n')))).toEqual([
      { line: 1, text: 'a' },
      { line: 2, text: '' },
      { line: 3, text: 'b' },
    ])
  })

  it.each([
    ['an empty file', '', []],
    ['a last line without an end', 'a\nb', ['a', 'b']],
    ['Windows line ends', 'a\r\nb\r\n\r\nc\r\n', ['a', 'b', '', 'c']],
    ['a carriage return within a line', 'a\rb\nc', ['a\rb', 'c']],
    ['a byte order mark', '\ufeffa\n\ufeffb', ['a', '\ufeffb']],
    ['a byte order mark alone', '\ufeff', []],
    ['separators that are no line ends', 'a\u2028b\u0085c\n', ['a\u2028b\u0085c']],
  ])('reads %s', async (_name, text, lines) => {
    expect(await texts(text)).toEqual(lines)
  })

  it('reads lines of any length that cross the pieces a file is read in', async () => {
    const lines = [0, 1, 262_142, 262_143, 262_144, 262_145, 700_000, 3, 0, 5].map((length, at) =>
      (at % 2 === 0 ? 'é🦉' : 'x').repeat(length).slice(0, length).toWellFormed(),
    )
    expect(await texts(`${lines.join('\r\n')}\r\n`)).toEqual(lines)
  })

  it('reads any text as it was written', async () => {
    const path = join(scratchFolder(), 'lines')
    const line = fc.string({ unit: 'binary' }).filter((text) => !/\n|\r$|^\ufeff/.test(text))
    await fc.assert(
      fc.asyncProperty(fc.array(line), async (lines) => {
        writeFileSync(path, lines.map((text) => `${text}\n`).join(''))
        expect((await all(readLines(path))).map(({ text }) => text)).toEqual(lines)
      }),
    )
  })

  it.each([
    ['in the middle', ['a\n', 'b\n', [0x63, 0xff, 0x0a], 'd\n'], 3],
    ['in a last line without an end', ['a\n', [0xc3]], 2],
    ['on the first line', [[0xe2, 0x82, 0x0a], 'a'], 1],
    ['far into the file', ['x\n'.repeat(400_000), [0x80, 0x0a]], 400_001],
  ])('names the line that is not UTF-8, %s', async (_name, parts, line) => {
    const bytes = Buffer.concat(parts.map((part) => Buffer.from(part as string)))
    await expect(texts(bytes)).rejects.toMatchObject({ code: 'MG_VALIDATION', details: { line } })
  })

  it('takes a line of 64 MiB, and refuses one of more than 256 MiB', async () => {
    const longest = 64 * 1024 * 1024
    const path = fileOf('')
    truncateSync(path, longest)
    appendFileSync(path, '\n')
    truncateSync(path, 5 * longest + 2)
    const seen: number[] = []
    const reading = async (): Promise<void> => {
      for await (const { text } of readLines(path)) seen.push(text.length)
    }
    await expect(reading()).rejects.toMatchObject({ code: 'MG_VALIDATION', details: { line: 2 } })
    expect(seen).toEqual([longest])
  })

  it('names a file that cannot be read', async () => {
    const missing = join(scratchFolder(), 'missing.jsonl')
    await expect(all(readLines(missing))).rejects.toThrow(ValidationError)
    await expect(all(readLines(missing))).rejects.toThrow(/missing\.jsonl.*ENOENT/)
    await expect(all(readLines(scratchFolder()))).rejects.toThrow(/EISDIR/)
  })

  it.skipIf(process.platform !== 'linux')('closes the file when its reader has seen enough', async () => {
    const path = fileOf('a\n'.repeat(1_000_000))
    const isOpen = (): boolean =>
      readdirSync('/proc/self/fd').some((fd) => linkOf(`/proc/self/fd/${fd}`) === path)
    for await (const { line } of readLines(path)) {
      if (line === 1) expect(isOpen()).toBe(true)
      if (line === 3) break
    }
    await vi.waitFor(() => expect(isOpen()).toBe(false))
  })
})

function linkOf(path: string): string | null {
  try {
    return readlinkSync(path)
  } catch {
    return null // closed since the folder was listed
  }
}
