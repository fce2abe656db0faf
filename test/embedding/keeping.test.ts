import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { embeddedTextOf } from '../../src/embedding/embedded-text.js'
import { graphSource, InMemoryBackend, importGraph } from '../../src/index.js'
import { BEFORE_FAR_MS } from '../support/patience.js'
import { allEmbedded, BACKENDS, embeddedIds, embeddingOf, note } from './embedding-backends.js'
import { failsFor, hangs, lengths, ScriptedEmbedder } from './scripted-embedder.js'

const TIMES = { created_at: '2026-01-01T00:00:00Z', updated_at: '2026-01-01T00:00:00Z' }

describe.each(BACKENDS)('An embedder of $name', ({ open }) => {
  it('is given what is stored, changed, imported and written in transactions, and nothing that was undone', async () => {
    const embedder = new ScriptedEmbedder()
    const backend = await open({ embedder })
    const memory = { ...note('a'), summary: 'In short', tags: ['Tag', 'other'] }
    await backend.storeMemory(memory)
    await allEmbedded(backend)
    expect(embedder.texts).toEqual(['Note a\nIn short\nContent of a\ntag, other'])
    await backend.updateMemory({ id: 'a', content: 'New content' })
    await backend.storeMemories([note('b'), note('c')])
    const properties = { id: 'd', title: 'Note d', content: 'By putNodes', type: 'general', ...TIMES }
    await backend.putNodes([
      { id: 'd', label: 'Memory', properties },
      { id: 'e', label: 'Episode', properties: {} },
    ])
    await backend.transaction(async (tx) => void (await tx.storeMemory(note('f'))))
    const undone = backend.transaction(async (tx) => {
      await tx.storeMemory(note('undone'))
      throw new Error('undo')
    })
    await expect(undone).rejects.toThrow('undo')
    const source = await InMemoryBackend.create()
    await source.storeMemory(note('g'))
    await importGraph(backend, graphSource(source))
    await backend.scoped({ tenantId: 't' }).storeMemory(note('h'))
    await allEmbedded(backend)
    const ids = ['a', 'b', 'c', 'd', 'e', 'f', 'undone', 'g', 'h']
    expect(await embeddedIds(backend, ids)).toEqual(['a', 'b', 'c', 'd', 'f', 'g', 'h'])
    expect(embedder.texts).toContain('Note a\nIn short\nNew content\ntag, other')
    expect(embedder.texts.join()).not.toContain('undone')
    const [hit] = await backend.searchByVector(lengths(['Note d\nBy putNodes'])[0] as number[], { k: 1 })
    expect(hit?.score).toBeCloseTo(1, 6)
    expect(await embeddingOf(backend)).toEqual({
      model: 'scripted',
      dimensions: 2,
      recall_model: 'scripted',
      pending: 0,
      embedded: 8,
      failed: 0,
      last_error: null,
    })
  })

  it('delays no write and no disconnect, and loses no memory, where it hangs', async () => {
    const embedder = new ScriptedEmbedder('scripted', hangs)
    const backend = await open({ embedder })
    const before = performance.now()
    await backend.storeMemory(note('a'))
    expect(embedder.calls).toEqual([])
    await expect.poll(() => embedder.calls.length).toBe(1)
    await backend.updateMemory({ id: 'a', title: 'Still written' })
    expect(await backend.recallMemories('content')).toHaveLength(1)
    expect(await embeddingOf(backend)).toMatchObject({ pending: 1, embedded: 0 })
    const drained = backend.embedPending()
    const refused = expect(drained).rejects.toMatchObject({ code: 'MG_ABORTED' })
    await delay(20)
    await backend.disconnect()
    await refused
    expect(performance.now() - before).toBeLessThan(BEFORE_FAR_MS) // an embedder is given 30 seconds
  })

  it('is not asked again for what it has made: not for other fields, not for uses', async () => {
    const embedder = new ScriptedEmbedder()
    const backend = await open({ embedder, trackUsage: true })
    await backend.storeMemories([note('a'), note('b')])
    await allEmbedded(backend)
    await backend.updateMemory({ id: 'a', importance: 0.9 })
    await backend.updateMemory({ id: 'b', title: 'Another title' })
    await backend.updateMemory({ id: 'b', title: 'Note b' })
    for (let at = 0; at < 5; at++) await backend.getMemory('a')
    await allEmbedded(backend)
    const report = await backend.embedPending()
    expect(report).toEqual({ model: 'scripted', embedded: 0, failed: 0, last_error: null, pending: 0 })
    expect(embedder.texts.filter((text) => text.includes('Note a'))).toHaveLength(1)
    await backend.storeMemory(note('a', 'Replaced'))
    await allEmbedded(backend)
    expect(embedder.texts.at(-1)).toBe('Note a\nReplaced')
  })

  it('leaves vectors alone that the caller set', async () => {
    const embedder = new ScriptedEmbedder('scripted', hangs)
    const backend = await open({ embedder })
    await backend.storeMemories([note('a'), note('b')])
    await backend.setEmbeddings([{ id: 'a', model: 'scripted', vector: [0, 1] }])
    embedder.behave = lengths
    await backend.embedPending()
    await backend.updateMemory({ id: 'a', title: 'New' })
    await backend.storeMemory(note('c'))
    await allEmbedded(backend)
    expect((await backend.getEmbeddings(['a'], 'scripted'))[0]?.vector).toEqual(new Float32Array([0, 1]))
    expect(embedder.texts.filter((text) => text.startsWith('New'))).toEqual([])
  })

  it('never leaves the vector of an earlier text, whatever is written while it works', async () => {
    let release: (() => void) | undefined
    const embedder = new ScriptedEmbedder('scripted', async (texts) => {
      await new Promise<void>((resolve) => {
        release = resolve
      })
      return lengths(texts)
    })
    const backend = await open({ embedder })
    await backend.storeMemories([note('a'), note('b'), note('c')])
    await expect.poll(() => release).toBeDefined()
    await backend.updateMemory({ id: 'a', content: 'Longer than it was before' })
    await backend.updateMemory({ id: 'b', importance: 1 })
    await backend.deleteMemory('c')
    embedder.behave = lengths
    release?.()
    await allEmbedded(backend)
    const text = embeddedTextOf((await backend.getMemory('a')) ?? expect.unreachable())
    const [a, b, ...more] = await backend.getEmbeddings(['a', 'b', 'c'], 'scripted')
    expect(a?.vector).toEqual(new Float32Array([1, text.length]))
    expect(b?.id).toBe('b')
    expect(more).toEqual([])
    expect(embedder.texts.filter((one) => one.startsWith('Note b'))).toHaveLength(1)
  })

  it.each([
    [
      'another number of vectors',
      () => [
        [1, 1],
        [1, 1],
      ],
      /made 2 vectors of 1 texts/,
    ],
    ['vectors of another length', () => [[1, 2, 3]], /of 3 components, and its dimensions are 2/],
    ['NaN', () => [[1, Number.NaN]], /only finite numbers/],
    ['vectors without a direction', () => [[0, 0]], /all zero/],
    ['nothing', () => undefined, /made no list of vectors/],
  ])('that makes %s has made none, and the reason is in the report', async (_, behave, reason) => {
    const embedder = new ScriptedEmbedder('scripted', behave as never)
    const backend = await open({ embedder })
    await backend.storeMemory(note('a'))
    const report = await backend.embedPending()
    expect(report).toMatchObject({ embedded: 0, failed: 1, pending: 1 })
    expect(report.last_error).toMatch(reason)
    expect(await backend.getEmbeddings(['a'])).toEqual([])
    expect(await backend.recallMemories('content')).toHaveLength(1)
  })
})

describe('An embedder of a file', () => {
  it('whose dimensions are not those that are stored under its name says so', async () => {
    const backend = await BACKENDS[1]?.open({ embedder: new ScriptedEmbedder() })
    if (!backend) return expect.unreachable()
    await backend.putNodes([{ id: 'n', label: 'Other', properties: {} }])
    await backend.setEmbeddings([{ id: 'n', model: 'scripted', vector: [1, 2, 3] }])
    await backend.storeMemory(note('a'))
    await expect(backend.embedPending()).rejects.toMatchObject({ code: 'MG_CONFIGURATION' })
    await expect.poll(async () => (await embeddingOf(backend)).last_error).toMatch(/another model name$/)
  })
})

describe('An embedder that fails', () => {
  it('for one text makes the vectors of all others, and gets it again', async () => {
    const embedder = new ScriptedEmbedder('scripted', failsFor('poison'))
    await using backend = await InMemoryBackend.create({ embedder })
    const ids = Array.from({ length: 40 }, (_, at) => `n${String(at).padStart(2, '0')}`)
    await backend.storeMemories(ids.map((id) => note(id, id === 'n17' ? 'poison' : undefined)))
    const others = ids.filter((id) => id !== 'n17')
    await expect.poll(() => embeddedIds(backend, ids)).toEqual(others)
    await expect.poll(async () => (await embeddingOf(backend)).failed).toBe(1)
    expect(await embeddingOf(backend)).toMatchObject({ pending: 1, embedded: 39 })
    expect((await backend.healthCheck()).warnings).toContain(
      '1 memories wait for vectors: The embedder "scripted" failed: I do not like "poison"',
    )
    await backend.storeMemory(note('later'))
    await expect.poll(() => embeddedIds(backend, ['later'])).toEqual(['later'])
    expect(embedder.calls.length).toBeLessThan(25)
    embedder.behave = lengths
    await allEmbedded(backend)
    await expect.poll(async () => (await embeddingOf(backend)).last_error).toBeNull()
  })

  it('for all texts is left alone for a while, and used again when it is back', async () => {
    const embedder = new ScriptedEmbedder('scripted', () => Promise.reject(new Error('down')))
    await using backend = await InMemoryBackend.create({ embedder })
    await backend.storeMemories(Array.from({ length: 100 }, (_, at) => note(`n${at}`)))
    await expect.poll(async () => (await embeddingOf(backend)).last_error).toMatch(/failed: down$/)
    await expect.poll(() => embedder.calls.length).toBeGreaterThan(9)
    await backend.storeMemory(note('later'))
    await delay(150)
    expect(embedder.calls.length).toBeLessThan(16)
    expect(await embeddingOf(backend)).toMatchObject({ pending: 101 })
    embedder.behave = lengths
    await allEmbedded(backend)
    expect(await embeddingOf(backend)).toMatchObject({ embedded: 101, last_error: null })
  })
})
