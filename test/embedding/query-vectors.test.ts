import { setTimeout as delay } from 'node:timers/promises'
import { expect, it, onTestFinished } from 'vitest'
import { EmbeddingKeeper } from '../../src/backends/embedding/embedding-keeper.js'
import type { GraphDriver, GraphWriter } from '../../src/backends/graph-driver.js'
import { InMemoryDriver } from '../../src/backends/in-memory/in-memory-driver.js'
import { DatabaseConnectionError } from '../../src/index.js'
import { settlesWithin } from '../support/patience.js'
import { hangs, lengths, ScriptedEmbedder } from './scripted-embedder.js'

const warnings: string[] = []
const logger = { warn: (message: string) => void warnings.push(message) }

async function keep(
  embedder: ScriptedEmbedder,
  store: GraphDriver = new InMemoryDriver(),
): Promise<{ keeper: EmbeddingKeeper; store: GraphDriver }> {
  warnings.length = 0
  const settings = { embedTimeoutMs: 1000, queryTimeoutMs: 40, logger }
  const keeper = new EmbeddingKeeper({ whole: store, seen: store }, embedder, settings)
  await store.connect()
  keeper.start()
  onTestFinished(() => keeper.stop())
  return { keeper, store }
}

function useModel(store: GraphDriver, model: string): Promise<void> {
  return store.write((writer) => writer.setRecallModel(model))
}

it('queryVector() gives the vector of a question, once made, where recalls use the embedder', async () => {
  const purposes: string[] = []
  const embedder = new ScriptedEmbedder('own', (texts, { purpose }) => {
    purposes.push(purpose)
    return lengths(texts)
  })
  const { keeper, store } = await keep(embedder)
  expect(await keeper.queryVector('why?')).toBeNull()
  await useModel(store, 'other')
  expect(await keeper.queryVector('why?')).toBeNull()
  await useModel(store, 'own')
  const expected = { model: 'own', vector: new Float32Array([1, 4]), weight: 1 }
  expect(await keeper.queryVector('why?')).toEqual(expected)
  expect(await keeper.queryVector('why?')).toEqual(expected)
  expect(await keeper.queryVector(' ')).toBeNull()
  expect(purposes).toEqual(['query'])
  for (let at = 0; at < 100; at++) await keeper.queryVector(`question ${at}`)
  await keeper.queryVector('question 0')
  await keeper.queryVector('why?')
  expect(embedder.calls).toHaveLength(102)
  await keeper.queryVector('x'.repeat(100_000))
  expect(embedder.texts.at(-1)).toHaveLength(8000)
})

it('queryVector() waits no longer than it may, says so once, and then leaves the embedder alone for a while', async () => {
  const embedder = new ScriptedEmbedder('own', hangs)
  const { keeper, store } = await keep(embedder)
  await useModel(store, 'own')
  // What is embedded may wait for a second.
  const isInTime = await settlesWithin(900, async () => expect(await keeper.queryVector('why?')).toBeNull())
  expect(isInTime).toBe(true)
  expect(await keeper.queryVector('what?')).toBeNull()
  expect(embedder.calls).toHaveLength(1)
  expect(keeper.state?.lastError).toBe('The embedder "own" gave no answer within 40 ms')
  expect(warnings).toEqual(['Recalls go without vectors: The embedder "own" gave no answer within 40 ms'])
})

it('queryVector() ends with the signal of its caller, and with the backend', async () => {
  const { keeper, store } = await keep(new ScriptedEmbedder('own', hangs))
  await useModel(store, 'own')
  const abort = new AbortController()
  const asked = expect(keeper.queryVector('why?', abort.signal)).rejects.toMatchObject({ code: 'MG_ABORTED' })
  await delay(1)
  abort.abort()
  await asked
  const other = expect(keeper.queryVector('why?')).rejects.toMatchObject({ code: 'MG_ABORTED' })
  await delay(1)
  await keeper.stop()
  await other
  expect(await keeper.queryVector('why?')).toBeNull()
  expect(warnings).toEqual([])
})

it('A store that takes no writes is not tried again, and the logger is told once', async () => {
  class ReadOnly extends InMemoryDriver {
    isReadOnly = false
    override write<Result>(work: (writer: GraphWriter) => Promise<Result>): Promise<Result> {
      if (!this.isReadOnly) return super.write(work)
      return Promise.reject(new DatabaseConnectionError('it can only be read', { code: 'MG_READ_ONLY' }))
    }
  }
  const embedder = new ScriptedEmbedder('own')
  const driver = new ReadOnly()
  const { keeper } = await keep(embedder, driver)
  const properties = JSON.stringify({ id: 'a', type: 'general', title: 'T', content: 'c' })
  const store = (id: string): Promise<void> =>
    keeper.watch((watched) =>
      driver.write((writer) => watched(writer).putNodes([{ id, label: 'Memory', properties }])),
    )
  await store('a')
  driver.isReadOnly = true
  await expect.poll(() => warnings).toEqual(['Memories wait for vectors: it can only be read'])
  driver.isReadOnly = false
  await store('b')
  await delay(1300)
  expect(embedder.calls).toEqual([['T\nc']])
})
