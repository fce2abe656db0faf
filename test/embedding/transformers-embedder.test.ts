import { describe, expect, it } from 'vitest'
import { transformersEmbedder } from '../../src/index.js'

/* No model can be had here: the library's part is played by functions of its shape. */

const options = { signal: new AbortController().signal, purpose: 'query' } as const

describe('transformersEmbedder', () => {
  it('says what to install where the library is missing, and loads nothing before it is needed', async () => {
    const embedder = transformersEmbedder()
    expect([embedder.model, embedder.dimensions]).toEqual(['Xenova/all-MiniLM-L6-v2', 384])
    await expect(embedder.embed(['a'], options)).rejects.toMatchObject({
      code: 'MG_CONFIGURATION',
      message: expect.stringContaining('npm i @huggingface/transformers'),
    })
  })

  it('asks for one normalised vector a text, and loads once, again after a failure', async () => {
    const asked: unknown[] = []
    let loads = 0
    const pipeline = async (...given: unknown[]): Promise<unknown> => {
      asked.push(given)
      if (++loads === 1) throw new Error('no network')
      return async (texts: string[], how: object) => {
        asked.push([texts, how])
        return { dims: [texts.length, 2], data: new Float32Array(texts.flatMap((_, at) => [at, 1])) }
      }
    }
    const embedder = transformersEmbedder({
      model: 'own/model',
      dimensions: 2,
      pooling: 'cls',
      dtype: 'q8',
      queryPrefix: 'query: ',
      load: async () => ({ pipeline }),
    })
    await expect(embedder.embed(['a'], options)).rejects.toMatchObject({
      code: 'MG_EMBEDDING',
      message: expect.stringContaining('no network'),
    })
    const both = await Promise.all([embedder.embed(['a', 'b'], options), embedder.embed(['c'], options)])
    expect(both).toEqual([[new Float32Array([0, 1]), new Float32Array([1, 1])], [new Float32Array([0, 1])]])
    expect(asked.slice(1)).toEqual([
      ['feature-extraction', 'own/model', { dtype: 'q8' }],
      [['query: a', 'query: b'], { pooling: 'cls', normalize: true }],
      [['query: c'], { pooling: 'cls', normalize: true }],
    ])
  })

  it('refuses a pooling that leaves a vector for each token, and a model without dimensions', async () => {
    const pipeline = async () => async () => ({ dims: [1, 4, 2], data: new Float32Array(8) })
    const embedder = transformersEmbedder({ load: async () => ({ pipeline }) })
    await expect(embedder.embed(['a'], options)).rejects.toThrow(/choose another pooling/)
    expect(() => transformersEmbedder({ model: 'own/model' })).toThrow(/Invalid option dimensions/)
  })
})
