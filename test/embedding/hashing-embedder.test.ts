import { describe, expect, it } from 'vitest'
import { hashingEmbedder } from '../../src/index.js'

const options = { signal: new AbortController().signal, purpose: 'document' } as const

async function vectorsOf(texts: readonly string[], dimensions?: number): Promise<number[][]> {
  const made = await hashingEmbedder({ dimensions }).embed(texts, options)
  return made.map((vector) => [...vector])
}

function cosine(one: readonly number[] | undefined, other: readonly number[] | undefined): number {
  return (one ?? []).reduce((sum, value, at) => sum + value * (other?.[at] ?? 0), 0)
}

describe('hashingEmbedder', () => {
  it('makes the same vectors of length 1 ever after', async () => {
    const { model, dimensions } = hashingEmbedder()
    expect([model, dimensions]).toEqual(['hashing-384-v1', 384])
    const [first, again, five] = [
      ...(await vectorsOf(['Retries of the upload', 'Retries of the upload'])),
      ...(await vectorsOf(['Retries of the upload'], 5)),
    ]
    expect(first).toHaveLength(384)
    expect(again).toEqual(first)
    expect(cosine(first, first)).toBeCloseTo(1, 6)
    // Whoever changes these has to change the name of the model too: stored vectors would not go with new ones.
    expect(five?.map((value) => Number(value.toFixed(4)))).toEqual([
      0.9018, -0.2928, -0.3162, -0.0235, -0.0235,
    ])
  })

  it('brings together what shares words, stems and spellings', async () => {
    const [question, answer, typo, other] = await vectorsOf([
      'how often are uploads retried?',
      'The upload retries three times',
      'uplaod retris',
      'Grandmother bakes bread on Sundays',
    ])
    expect(cosine(question, answer)).toBeGreaterThan(0.4)
    expect(cosine(answer, typo)).toBeGreaterThan(0.15)
    expect(Math.abs(cosine(question, other))).toBeLessThan(0.12)
  })

  it('has a direction for every text, also without words and in few dimensions', async () => {
    const texts = [
      '',
      '  ',
      '?!',
      '🙂',
      'the of and',
      '東京都に住む',
      'a'.repeat(3000),
      '\ud800',
      'word '.repeat(50),
    ]
    for (const dimensions of [1, 2, 384]) {
      for (const vector of await vectorsOf(texts, dimensions))
        expect(cosine(vector, vector)).toBeCloseTo(1, 5)
    }
    const [one, other, third] = await vectorsOf(['東京都に住んでいます', '東京都の人口', 'Москва'])
    expect(cosine(one, other)).toBeGreaterThan(cosine(one, third) + 0.1)
  })

  it('stops where it is told to, and refuses options that do not fit', async () => {
    const embedding = hashingEmbedder().embed(['a'], { ...options, signal: AbortSignal.abort('enough') })
    await expect(embedding).rejects.toBe('enough')
    expect(() => hashingEmbedder({ dimensions: 0 })).toThrow(/whole number from 1 to 16000/)
  })
})
