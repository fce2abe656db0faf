import { describe, expect, it } from 'vitest'
import { decodeJson, encodeFloat, encodeJson, readMembers } from '../../src/model/json-text.js'
import { computingTimeOf } from '../support/patience.js'

describe('JSON text as Python writes it', () => {
  it('has a space after each separator and nothing beyond ASCII', () => {
    expect(encodeJson({ a: [1, 'é', null, true], 'b"': { c: '\u007f🧠\n' }, d: undefined })).toBe(
      '{"a": [1, "\\u00e9", null, true], "b\\"": {"c": "\\u007f\\ud83e\\udde0\\n"}}',
    )
  })

  it.each([
    [0, '0.0'],
    [1, '1.0'],
    [0.5, '0.5'],
    [0.0001, '0.0001'],
    [0.00001, '1e-05'],
    [1.5e-7, '1.5e-07'],
    [1e-10, '1e-10'],
    [0.1 + 0.2, '0.30000000000000004'],
  ])('writes the float %d as %s', (value, text) => {
    expect(encodeFloat(value)).toBe(text)
  })

  it('is read with the special numbers that Python writes, but not inside of strings', () => {
    expect(decodeJson('{"a": NaN, "b": [-Infinity, Infinity], "c": "NaN \\" NaN"}')).toEqual({
      a: null,
      b: [null, null],
      c: 'NaN " NaN',
    })
    expect(() => decodeJson('{"a": nonsense, "b": NaN}')).toThrow(SyntaxError)
  })

  it.each([`NaN"${'\\"'.repeat(200_000)}`, `NaN"${'\\"'.repeat(200_000)}\\`, `NaN${'"'.repeat(400_001)}`])(
    'reads text that is no JSON in time that grows with its length',
    (text) => {
      const took = computingTimeOf(() => expect(() => decodeJson(text)).toThrow(SyntaxError))
      expect(took).toBeLessThan(5_000) // by trying each quote it took half a minute
    },
  )

  it('gives up its members as the text that stands in it', () => {
    const text =
      ' {\t"a" : 12345678901234567890 ,\n"b":"x\\",}" , "c": [1.0, {"d": "]"}], "e": {} , "f":NaN,"g" : null}  '
    expect([...readMembers(text)]).toEqual([
      ['a', '12345678901234567890'],
      ['b', '"x\\",}"'],
      ['c', '[1.0, {"d": "]"}]'],
      ['e', '{}'],
      ['f', 'NaN'],
      ['g', 'null'],
    ])
    expect([...readMembers('{}')]).toEqual([])
    for (const other of ['[]', 'null', '"{}"', '{', '']) expect(() => readMembers(other)).toThrow(SyntaxError)
  })
})
