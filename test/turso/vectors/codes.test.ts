import { describe, expect, it } from 'vitest'
import { CodeIndex } from '../../../src/backends/turso/vectors/code-index.js'
import { codeWords, hamming } from '../../../src/backends/turso/vectors/hamming.js'
import { greatestOf, leastOf } from '../../../src/backends/turso/vectors/least-of.js'
import { codesOf, writeCode } from '../../../src/backends/turso/vectors/vector-code.js'
import { randomOf } from '../../support/random.js'

const random = randomOf(5)
const vectorOf = (dimensions: number): Float32Array =>
  Float32Array.from({ length: dimensions }, () => random() - 0.5)

/** The code of a vector as it is kept in memory. */
function wordsOf(vector: Float32Array): Uint32Array {
  const words = new Uint32Array(codeWords(vector.length))
  writeCode(vector, new Uint8Array(words.buffer), 0)
  return words
}

describe('codes of vectors', () => {
  it('have a bit for each component, the lowest bit of the first byte for the first', () => {
    const code = codesOf([Float32Array.from([1, -1, 0, 2, -0.5, 0, 0, 3, 1, -2])])
    expect([...code]).toEqual([0b10001001, 0b1])
  })

  it.each([1, 8, 31, 96, 97, 384, 1000, 16_000])(
    'of %i components differ in as many bits as signs',
    (dimensions) => {
      const [one, other] = [vectorOf(dimensions), vectorOf(dimensions)]
      const distances = new Uint16Array(1)
      hamming(wordsOf(one), 0, wordsOf(other), distances, 0, 1)
      const expected = one.filter((component, at) => component > 0 !== (other[at] as number) > 0).length
      expect(distances[0]).toBe(expected)
      hamming(wordsOf(one), 0, wordsOf(one.map((component) => -component)), distances, 0, 1)
      expect(distances[0]).toBe(dimensions)
    },
  )

  it('are found by key after thousands were added, and not after they were dropped', async () => {
    const index = new CodeIndex(96)
    const vectors = Array.from({ length: 5000 }, () => vectorOf(96))
    index.append(
      vectors.map((_, at) => at * 2 + 1),
      codesOf(vectors),
    )
    const query = vectors[4321] as Float32Array
    expect(await index.nearest(query, 1, null)).toEqual([8643])
    expect([...index.rowsOf([1, 2, 8643, 99_999])]).toEqual([0, 4321])
    const among = index.rowsOf([1, 3, 5, 8643])
    expect(await index.nearest(query, 1, among)).toEqual([8643])
    index.drop([8643, 8644])
    expect([index.size, index.gone]).toEqual([4999, 1])
    expect(await index.nearest(query, 5, null)).not.toContain(8643)
    expect(await index.nearest(query, 9999, among)).toEqual([1, 3, 5])
  })
})

describe('choosing without sorting', () => {
  it.each([0, 1, 7, 500, 1000, 2000])('%i of numbers with many equal ones', (count) => {
    const numbers = Uint16Array.from({ length: 1000 }, () => Math.floor(random() * 50))
    const chosen = leastOf(numbers, count, 50)
    const values = chosen.map((place) => numbers[place] as number).sort((a, b) => a - b)
    expect(values).toEqual([...numbers].sort((a, b) => a - b).slice(0, count))
    expect(chosen).toEqual([...new Set(chosen)].sort((a, b) => a - b))
    const scores = Float32Array.from(numbers, (number) => -number)
    const greatest = greatestOf(scores, count).map((place) => numbers[place] as number)
    expect(greatest.sort((a, b) => a - b)).toEqual(values)
  })
})
