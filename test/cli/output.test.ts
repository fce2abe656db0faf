import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { describeError, ignoreClosedPipes, Output, oneLine, printable } from '../../src/cli/output.js'
import { printDuration } from '../../src/cli/print-duration.js'
import { Warnings } from '../../src/cli/warnings.js'
import { ConflictError } from '../../src/errors.js'
import { onTerminal } from './run-in-process.js'

beforeEach(() => {
  vi.stubEnv('NO_COLOR', undefined)
})

afterEach(() => {
  vi.unstubAllEnvs()
})

function printed(settings: { json?: boolean; quiet?: boolean; color?: boolean }): Promise<unknown> {
  const output = new Output({ json: false, quiet: false, color: false, ...settings })
  return onTerminal(async () => {
    output.result({ a: 1 }, () => 'text')
    output.result([], () => '')
    output.note('a \u009bnote')
    output.warn('a \u001bwarning')
    output.error('MG_INTERNAL', 'an \u001berror')
  })
}

describe('Output', () => {
  const messages = 'warning: a \\x1bwarning\nerror: an \\x1berror [MG_INTERNAL]\n'

  it('prints results to stdout and everything else to stderr', async () => {
    expect(await printed({})).toEqual({ stdout: 'text\n', stderr: `a \\x9bnote\n${messages}` })
    expect(await printed({ quiet: true })).toEqual({ stdout: 'text\n', stderr: messages })
  })

  it('prints one JSON document each with --json', async () => {
    expect(await printed({ json: true, color: true })).toEqual({
      stdout: '{\n  "a": 1\n}\n[]\n',
      stderr: [{ warning: 'a \u001bwarning' }, { error: { code: 'MG_INTERNAL', message: 'an \u001berror' } }]
        .map((message) => `${JSON.stringify(message)}\n`)
        .join(''),
    })
  })

  it('colours what a terminal shows', async () => {
    expect(await printed({ color: true })).toMatchObject({
      stderr: expect.stringContaining('\u001b[2ma \\x9bnote\u001b[22m\n\u001b[33mwarning:\u001b[39m'),
    })
  })
})

describe('printed text', () => {
  it('shows control characters, but for newlines and tabs', () => {
    expect(printable('a\tb\nc\r\u0007\u009b')).toBe('a\tb\nc\\x0d\\x07\\x9b')
    expect(oneLine(' a\tb\n\u0007 ')).toBe('a b \\x07')
  })

  it.each([
    [new ConflictError('taken'), { code: 'MG_CONFLICT', message: 'taken' }],
    [new TypeError('no function'), { code: 'MG_INTERNAL', message: 'no function' }],
    ['just text', { code: 'MG_INTERNAL', message: 'just text' }],
  ])('names the error %s', (error, described) => {
    expect(describeError(error)).toEqual(described)
  })
})

describe('printDuration()', () => {
  it.each([
    [0, '0 ms'],
    [12.345, '12 ms'],
    [1234, '1.2 s'],
    [45_000, '45 s'],
    [90_000, '1.5 min'],
    [7_200_000, '2.0 h'],
    [20 * 86_400_000, '20 d'],
  ])('prints %d ms as %s', (milliseconds, text) => {
    expect(printDuration(milliseconds)).toBe(text)
  })
})

describe('Warnings', () => {
  it('are printed at the end, once, and not beside an error that says the same', async () => {
    const { stderr } = await onTerminal(async () => {
      const output = new Output({ json: true, quiet: false, color: false })
      const warnings = new Warnings(output)
      const work = warnings.during(async () => {
        for (const text of ['one', 'one', 'two']) warnings.logger.warn(text)
        output.warn('meanwhile')
        throw new ConflictError('two')
      })
      await expect(work).rejects.toThrow('two')
    })
    expect(stderr).toBe('{"warning":"meanwhile"}\n{"warning":"one"}\n')
  })
})

describe('ignoreClosedPipes()', () => {
  it('lets a reader go away, and nothing else', () => {
    const streams = [process.stdout, process.stderr]
    const before = streams.map((stream) => stream.listeners('error'))
    ignoreClosedPipes()
    for (const [at, stream] of streams.entries()) {
      const [listener, ...others] = stream.listeners('error').filter((each) => !before[at]?.includes(each))
      expect(others).toEqual([])
      stream.off('error', listener as () => void)
      expect(() => listener?.(Object.assign(new Error('closed'), { code: 'EPIPE' }))).not.toThrow()
      expect(() => listener?.(Object.assign(new Error('broken'), { code: 'EIO' }))).toThrow('broken')
    }
  })
})
