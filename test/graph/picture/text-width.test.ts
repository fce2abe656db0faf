import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { shortenedTo, textWidth, wrapped } from '../../../src/graph/picture/text-width.js'

const texts = fc.oneof(fc.string({ unit: 'grapheme', maxLength: 80 }), fc.lorem({ maxCount: 12 }))

describe('text on a line', () => {
  it('is as wide as the fonts say', () => {
    // Advance widths of Helvetica: H 722, e 556, l 222, o 556.
    expect(textWidth('Hello', 10)).toBeCloseTo((722 + 556 + 222 + 222 + 556) / 100)
    expect(textWidth('', 10)).toBe(0)
  })

  it('is shortened to what has room', () => {
    fc.assert(
      fc.property(texts, fc.integer({ min: 20, max: 200 }), (text, width) => {
        const short = shortenedTo(text, width, 12)
        if (textWidth(text, 12) <= width) expect(short).toBe(text)
        else {
          expect(textWidth(short, 12)).toBeLessThanOrEqual(width)
          expect(text.startsWith(short.slice(0, -1))).toBe(true)
          expect(short.endsWith('…')).toBe(true)
        }
      }),
    )
  })

  it('is not cut within what reads as one character', () => {
    expect(shortenedTo('👩‍👩‍👧👩‍👩‍👧👩‍👩‍👧', 75, 12)).toBe('👩‍👩‍👧…')
    expect(shortenedTo('e\u0301'.repeat(20), 32, 12)).toMatch(/^(e\u0301)+…$/)
  })

  it('is wrapped at blanks, and within words only where they are too long', () => {
    expect(wrapped('After one SQLITE_BUSY it fails', 90, 12, 3)).toEqual([
      'After one',
      'SQLITE_BUSY',
      'it fails',
    ])
    expect(wrapped('libnginx-mod-http-upstream', 90, 12, 2)).toEqual(['libnginx-mod-', 'http-upstream'])
    expect(wrapped('x'.repeat(10_000), 90, 12, 2)).toEqual([
      expect.stringMatching(/^x+…$/),
      expect.stringMatching(/^x+…$/),
    ])
    fc.assert(
      fc.property(
        texts,
        fc.integer({ min: 30, max: 200 }),
        fc.integer({ min: 1, max: 4 }),
        (text, width, most) => {
          const lines = wrapped(text, width, 12, most)
          expect(lines.length).toBeLessThanOrEqual(most)
          for (const line of lines) expect(textWidth(line, 12)).toBeLessThanOrEqual(width)
        },
      ),
    )
  })
})
