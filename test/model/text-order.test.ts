import { expect, it } from 'vitest'
import { compareText } from '../../src/model/text-order.js'

it('texts compare by code points, as their UTF-8 bytes do', () => {
  const texts = ['', 'a', 'ab', 'b', 'é', '\u2028', '\uffee', '🦉', '🦉a', '🧠']
  const bytes = [...texts].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
  expect([...texts].reverse().sort(compareText)).toEqual(bytes)
  expect(compareText('a', 'a')).toBe(0)
})
