import type { ServerResponse } from 'node:http'
import { describe, expect, it } from 'vitest'
import { MemoryError, type OpenAiEmbedderOptions, openAiEmbedder } from '../../src/index.js'
import { embedLengths, reply, startEmbeddingServer } from './embedding-server.js'

const KEY = 'sk-1234567890/secret+key'
const OPTIONS: OpenAiEmbedderOptions = { model: 'm', dimensions: 3 }
const asDocument = { signal: new AbortController().signal, purpose: 'document' } as const

async function failure(options: OpenAiEmbedderOptions, signal?: AbortSignal): Promise<MemoryError> {
  const failed = openAiEmbedder(options).embed(['a text'], { ...asDocument, ...(signal && { signal }) })
  return failed.then(
    () => expect.unreachable(),
    (error) => error,
  )
}

describe('openAiEmbedder', () => {
  it('asks in the protocol of OpenAI, and brings the vectors into the order of the texts', async () => {
    const server = await startEmbeddingServer()
    const embedder = openAiEmbedder({
      ...OPTIONS,
      url: `${server.url}/?version=1`,
      apiKey: async () => KEY,
      headers: { 'x-project': 'p' },
      sendDimensions: true,
      documentPrefix: 'passage: ',
      queryPrefix: 'q: ',
    })
    const made = await embedder.embed(['', 'two'], asDocument)
    expect(made).toEqual([new Float32Array([9, 1, 0]), new Float32Array([12, 1, 0])])
    await embedder.embed(['why?'], { ...asDocument, purpose: 'query' })
    expect(await embedder.embed([], asDocument)).toEqual([])
    expect(server.seen.map(({ url, body }) => [url, body.input])).toEqual([
      ['/v1/embeddings?version=1', ['passage: ', 'passage: two']],
      ['/v1/embeddings?version=1', ['q: why?']],
    ])
    expect(server.seen[0]).toMatchObject({
      headers: { authorization: `Bearer ${KEY}`, 'x-project': 'p' },
      body: { model: 'm', dimensions: 3, encoding_format: 'float' },
    })
  })

  it('tries again where the service is busy or breaks down, not before it says', async () => {
    const server = await startEmbeddingServer((_, response) => {
      if (server.seen.length === 1) reply(response, 429, 'slow down', { 'retry-after': '1' })
      else if (server.seen.length === 2) response.destroy()
      else embedLengths(server.seen.at(-1) as (typeof server.seen)[number], response)
    })
    const before = performance.now()
    expect(await openAiEmbedder({ ...OPTIONS, url: server.url }).embed(['abc'], asDocument)).toHaveLength(1)
    expect(performance.now() - before).toBeGreaterThan(990)
    expect(server.seen).toHaveLength(3)
  })

  it('does not wait longer than it may, whatever the service says', async () => {
    const server = await startEmbeddingServer((_, response) =>
      reply(response, 503, { error: { message: 'overloaded' } }, { 'retry-after': '60' }),
    )
    const error = await failure({ ...OPTIONS, url: server.url })
    expect(error).toMatchObject({ code: 'MG_EMBEDDING', details: { status: 503, unavailable: true } })
    expect(error.message).toBe(
      `The service of "m" at ${server.url}/embeddings answered with status 503: overloaded`,
    )
    server.answer = () => undefined
    const silent = await failure({ ...OPTIONS, url: server.url, timeoutMs: 50 })
    expect(silent.message).toMatch(/did not answer within 50 ms$/)
    const cut = await failure({ ...OPTIONS, url: server.url }, AbortSignal.abort(new Error('enough')))
    expect(cut.message).toBe('enough')
    expect(server.seen).toHaveLength(2)
  })

  it('never repeats the key, whatever the service says', async () => {
    const echo = `no: Bearer ${KEY} ${encodeURIComponent(KEY)} ${Buffer.from(KEY).toString('base64')} ${'x'.repeat(5000)}`
    const server = await startEmbeddingServer()
    const options = { ...OPTIONS, url: server.url, apiKey: KEY, headers: { 'x-own': 'token-of-mine' } }
    for (const [status, body] of [
      [400, { error: { message: `${echo}` } }],
      [400, JSON.stringify({ error: KEY, more: 'token-of-mine' })],
      [422, `${KEY}token-of-mine`],
      [401, { error: { message: `Incorrect API key provided: ${KEY.slice(0, 12)}` } }],
    ] as const) {
      server.answer = (_, response) => reply(response, status, body)
      const error = await failure(options)
      expect(error).toMatchObject({ code: 'MG_EMBEDDING', details: { status, unavailable: status === 401 } })
      expect(`${error.stack} ${JSON.stringify(error)} ${String(error.cause)}`).not.toMatch(
        /1234567890|c2stMTIz|token-of-mine/,
      )
      expect(error.message.length).toBeLessThan(400)
    }
    server.answer = (_, response) => reply(response, 302, '', { location: 'http://127.0.0.1:1/' })
    expect((await failure({ ...options, timeoutMs: 300 })).message).not.toContain(KEY)
  })

  it('refuses what is no vector of the model for each text', async () => {
    const server = await startEmbeddingServer()
    const vector = [1, 2, 3]
    for (const [body, message] of [
      ['no JSON', /what is no JSON$/],
      [{ result: [] }, /without a list "data"$/],
      [{ data: [] }, /made 0 vectors of 1 texts$/],
      [{ data: [{ index: 7, embedding: vector }] }, /"index" that is no text's/],
      [{ data: [{ index: 0, embedding: [1, 2] }] }, /of 2 components, and its dimensions are 3/],
      [{ data: [{ embedding: [1, null, 3] }] }, /no vector of text 0: must hold only numbers/],
      [{ data: [{ embedding: [0, 0, 0] }] }, /must not be all zero/],
      [{ data: [{ embedding: 'AAAA' }] }, /must be an array of numbers/],
    ] as const) {
      server.answer = (_, response) => reply(response, 200, body)
      const error = await failure({ ...OPTIONS, url: server.url })
      expect(error.code).toBe('MG_EMBEDDING')
      expect(error.message).toMatch(message)
    }
    expect(server.seen).toHaveLength(8)
  })

  it('reads no more of an answer than its vectors can take, also where it never ends', async () => {
    const server = await startEmbeddingServer()
    const part = Buffer.alloc(100_000, ' ')
    let sent = 0
    const streamTo = (response: ServerResponse): void => {
      const next = (): void => {
        if (response.destroyed) return
        sent += part.length
        if (response.write(part)) setImmediate(next)
        else response.once('drain', next)
      }
      next()
    }
    for (const [status, message] of [
      [200, /answered with more than 1000256 bytes/],
      [400, /answered with status 400$/],
    ] as const) {
      server.answer = (_, response) => streamTo(response.writeHead(status))
      const error = await failure({ ...OPTIONS, url: server.url, timeoutMs: 20_000 })
      expect(error.message).toMatch(message)
    }
    expect(sent).toBeLessThan(50_000_000)
  })

  it('says what is wrong with its options, and none of their values', async () => {
    for (const [options, message] of [
      [{ model: 'm' }, 'Invalid option dimensions of openAiEmbedder: must be a whole number from 1 to 16000'],
      [{ dimensions: 3 }, 'Invalid option model'],
      [{ ...OPTIONS, url: 'https://me:1234567890@example.com' }, 'URL without credentials'],
      [{ ...OPTIONS, apiKey: `${KEY} ` }, 'Invalid option apiKey'],
      [{ ...OPTIONS, key: KEY }, 'Unknown option "key" of openAiEmbedder: it takes model, dimensions'],
    ] as const) {
      const make = (): unknown => openAiEmbedder(options as OpenAiEmbedderOptions)
      expect(make).toThrow(expect.objectContaining({ code: 'MG_CONFIGURATION' }))
      expect(make).toThrow(message)
      expect(make).not.toThrow(/1234567890/)
    }
    const server = await startEmbeddingServer()
    const withoutKey = await failure({ ...OPTIONS, url: server.url, apiKey: () => '' })
    expect(MemoryError.is(withoutKey) && withoutKey.code).toBe('MG_CONFIGURATION')
    expect(server.seen).toHaveLength(0)
  })
})
