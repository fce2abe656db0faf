import { describe, expect, it } from 'vitest'
import type { Embedder } from '../../src/embedding/embedder.js'
import { configFromEnv, type Environment } from '../../src/factory/config.js'
import { InMemoryBackend, registerBackend } from '../../src/index.js'
import { reply, startEmbeddingServer } from '../embedding/embedding-server.js'

function embedderOf(env: Environment): Embedder | undefined {
  return (configFromEnv(env) as { embedder?: Embedder }).embedder
}

const OPENAI = { MEMORY_EMBEDDER: 'openai' }
const OWN = { ...OPENAI, MEMORY_EMBEDDING_URL: 'http://127.0.0.1:11434/v1', MEMORY_EMBEDDING_MODEL: 'm' }

describe('the embedder of the environment', () => {
  it.each(['sqlite', 'turso', 'memory'])('is an option of the backend %s', (backend) => {
    const chosen = { MEMORY_BACKEND: backend }
    expect(embedderOf(chosen)).toBeUndefined()
    expect(embedderOf({ ...chosen, MEMORY_EMBEDDER: 'none' })).toBeUndefined()
    expect(embedderOf({ ...chosen, MEMORY_EMBEDDER: 'Hashing' })).toMatchObject({ dimensions: 384 })
  })

  it.each<[Environment, string, number]>([
    [{ MEMORY_EMBEDDER: 'hashing', MEMORY_EMBEDDING_DIMENSIONS: '64' }, 'hashing-64-v1', 64],
    [{ MEMORY_EMBEDDER: 'transformers' }, 'Xenova/all-MiniLM-L6-v2', 384],
    [
      { MEMORY_EMBEDDER: 'transformers', MEMORY_EMBEDDING_MODEL: 'a/b', MEMORY_EMBEDDING_DIMENSIONS: '7' },
      'a/b',
      7,
    ],
    [{ ...OPENAI, OPENAI_API_KEY: 'k' }, 'text-embedding-3-small', 1536],
    [
      { ...OPENAI, OPENAI_API_KEY: 'k', MEMORY_EMBEDDING_MODEL: 'text-embedding-3-large' },
      'text-embedding-3-large',
      3072,
    ],
    [{ ...OWN, MEMORY_EMBEDDING_DIMENSIONS: '768' }, 'm', 768],
  ])('%o is %s', (env, model, dimensions) => {
    expect(embedderOf(env)).toMatchObject({ model, dimensions })
  })

  it.each<[Environment, string, RegExp]>([
    [{ MEMORY_EMBEDDER: 'openia' }, 'MEMORY_EMBEDDER', /use one of none, openai, transformers, hashing/],
    [OPENAI, 'MEMORY_EMBEDDING_API_KEY', /or OPENAI_API_KEY/],
    [{ ...OPENAI, MEMORY_EMBEDDING_URL: 'http://a/v1' }, 'MEMORY_EMBEDDING_MODEL', /set it/],
    [OWN, 'MEMORY_EMBEDDING_DIMENSIONS', /set it/],
    [{ ...OWN, MEMORY_EMBEDDING_DIMENSIONS: 'many' }, 'MEMORY_EMBEDDING_DIMENSIONS', /whole number/],
    [
      { MEMORY_EMBEDDER: 'hashing', MEMORY_EMBEDDING_DIMENSIONS: '99999' },
      'MEMORY_EMBEDDING_DIMENSIONS',
      /16000/,
    ],
    [
      { ...OWN, MEMORY_EMBEDDING_DIMENSIONS: '3', MEMORY_EMBEDDING_URL: 'ftp://a' },
      'MEMORY_EMBEDDING_URL',
      /http: or https:/,
    ],
    [
      { ...OWN, MEMORY_EMBEDDING_DIMENSIONS: '3', MEMORY_EMBEDDING_API_KEY: 'se cret' },
      'MEMORY_EMBEDDING_API_KEY',
      /^(?!.*se cret)/,
    ],
    [
      { MEMORY_EMBEDDER: 'transformers', MEMORY_EMBEDDING_MODEL: 'm' },
      'MEMORY_EMBEDDING_DIMENSIONS',
      /set it/,
    ],
  ])('%o is refused for %s', (env, variable, message) => {
    expect(() => configFromEnv(env)).toThrow(
      expect.objectContaining({
        code: 'MG_CONFIGURATION',
        message: expect.stringMatching(message),
        details: expect.objectContaining({ variable }),
      }),
    )
  })

  it('sends the key of OpenAI to OpenAI alone', async () => {
    const server = await startEmbeddingServer((_, response) =>
      reply(response, 200, { data: [{ embedding: [1, 2] }] }),
    )
    const env = {
      ...OWN,
      MEMORY_EMBEDDING_URL: server.url,
      MEMORY_EMBEDDING_DIMENSIONS: '2',
      OPENAI_API_KEY: 'sk-1',
    }
    const options = { signal: new AbortController().signal, purpose: 'query' } as const
    await embedderOf(env)?.embed(['a'], options)
    await embedderOf({ ...env, MEMORY_EMBEDDING_API_KEY: 'own' })?.embed(['a'], options)
    expect(server.seen.map(({ headers }) => headers.authorization)).toEqual([undefined, 'Bearer own'])
    expect(server.seen[0]?.body).not.toHaveProperty('dimensions')
  })

  it('names the variables that have no effect, and is refused for a registered backend', () => {
    const set = { MEMORY_EMBEDDING_URL: 'http://a', MEMORY_EMBEDDING_API_KEY: 'k', OPENAI_API_KEY: 'k' }
    const ignored = ['MEMORY_EMBEDDING_URL', 'MEMORY_EMBEDDING_API_KEY']
    for (const MEMORY_BACKEND of ['sqlite', 'turso'])
      expect(configFromEnv({ ...set, MEMORY_BACKEND, MEMORY_EMBEDDER: 'hashing' })).toMatchObject({
        ignoredSettings: ignored,
      })
    expect(configFromEnv(set)).toMatchObject({ ignoredSettings: ignored })
    registerBackend('without-embedder', async () => new InMemoryBackend())
    const env = { MEMORY_BACKEND: 'without-embedder', MEMORY_EMBEDDER: 'hashing' }
    expect(() => configFromEnv(env)).toThrow(/MEMORY_EMBEDDER has no effect on the registered backend/)
  })
})
