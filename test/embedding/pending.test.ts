import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Progress } from '../../src/index.js'
import { BY_SHORT_MS } from '../support/patience.js'
import { scratchFolder } from '../support/scratch.js'
import { allEmbedded, BACKENDS, embeddedIds, embeddingOf, note, openFile } from './embedding-backends.js'
import { failsFor, hangs, lengths, ScriptedEmbedder } from './scripted-embedder.js'

const MANY = Array.from({ length: 250 }, (_, at) => `n${String(at).padStart(3, '0')}`)

describe.each(BACKENDS)('embedPending() of $name', ({ open }) => {
  it('embeds all that waits, in batches as large as the embedder takes, and tells how it gets on', async () => {
    const embedder = new ScriptedEmbedder('scripted', hangs)
    embedder.batchSize = 80
    const backend = await open({ embedder })
    await backend.storeMemories(MANY.map((id) => note(id)))
    embedder.behave = lengths
    const progress: Progress[] = []
    const report = await backend.embedPending({ onProgress: (step) => void progress.push(step) })
    expect(report).toEqual({ model: 'scripted', embedded: 250, failed: 0, last_error: null, pending: 0 })
    expect(progress.map(({ done }) => done)).toEqual([100, 200, 250, 250])
    expect(progress.at(-1)).toEqual({ done: 250, total: 250, phase: 'embedding' })
    expect(Math.max(...embedder.calls.map(({ length }) => length))).toBe(80)
    expect(await embeddingOf(backend)).toMatchObject({ pending: 0, last_error: null })
  })

  it('stops where it is told to, and keeps what it has', async () => {
    const embedder = new ScriptedEmbedder('scripted', hangs)
    const backend = await open({ embedder })
    await backend.storeMemories(MANY.map((id) => note(id)))
    const abort = new AbortController()
    embedder.behave = (texts) => {
      if (embedder.calls.length > 4) abort.abort('enough')
      return texts.length > 0 ? lengths(texts) : []
    }
    await expect(backend.embedPending({ signal: abort.signal })).rejects.toMatchObject({
      code: 'MG_ABORTED',
      cause: 'enough',
    })
    const stored = await embeddedIds(backend, MANY)
    expect(stored.length).toBeGreaterThan(0)
    expect(stored.length).toBeLessThan(250)
    expect(await backend.embedPending()).toMatchObject({ pending: 0 })
    expect(await embeddedIds(backend, MANY)).toHaveLength(250)
  })

  it('leaves what fails, says why, and does not wait longer for an embedder than it may', async () => {
    const embedder = new ScriptedEmbedder('scripted', failsFor('n1'))
    const backend = await open({ embedder, embedTimeoutMs: 60 })
    await backend.storeMemories(MANY.slice(0, 20).map((id) => note(id, id === 'n007' ? 'n1' : id)))
    expect(await backend.embedPending()).toEqual({
      model: 'scripted',
      embedded: 19,
      failed: 1,
      last_error: 'The embedder "scripted" failed: I do not like "n1"',
      pending: 1,
    })
    embedder.behave = hangs
    await backend.storeMemories(MANY.map((id) => note(id)))
    const before = performance.now()
    const report = await backend.embedPending()
    expect(performance.now() - before).toBeLessThan(BY_SHORT_MS) // to wait once for each of them would take 15 seconds
    expect(report).toMatchObject({ embedded: 0, failed: 250, pending: 250 })
    expect(report.last_error).toBe('The embedder "scripted" gave no answer within 60 ms')
  })

  it('in a view embeds what is inside alone', async () => {
    const embedder = new ScriptedEmbedder('scripted', hangs)
    const backend = await open({ embedder })
    await backend.storeMemories([note('out'), { ...note('in'), context: { tenant_id: 't' } }])
    const view = backend.scoped({ tenantId: 't' })
    await expect.poll(() => embedder.calls.length).toBe(1)
    expect(await embeddingOf(view)).toMatchObject({ pending: 1 })
    embedder.behave = failsFor('out')
    expect(await view.embedPending()).toMatchObject({ embedded: 1, failed: 0, pending: 0 })
    expect(await embeddingOf(backend)).toMatchObject({ pending: 1 })
    await backend.embedPending()
    expect(await embeddingOf(backend)).toMatchObject({ embedded: 1, failed: 1 })
    const told = await embeddingOf(view)
    expect(told).toMatchObject({ pending: 0, embedded: 0, failed: 0, last_error: 'the embedder failed' })
    await expect(view.reembed()).rejects.toMatchObject({ code: 'MG_NOT_SUPPORTED' })
  })

  it('is refused without an embedder, with what is none, and with options that do not fit', async () => {
    await expect((await open()).embedPending()).rejects.toMatchObject({ code: 'MG_CONFIGURATION' })
    const backend = await open({ embedder: new ScriptedEmbedder() })
    await expect(backend.embedPending({ limit: 3 } as never)).rejects.toMatchObject({ code: 'MG_VALIDATION' })
    for (const embedder of [
      {},
      { model: 'm', dimensions: 0, embed: lengths },
      { model: '', dimensions: 1 },
      'm',
    ])
      await expect(open({ embedder: embedder as never })).rejects.toMatchObject({ code: 'MG_CONFIGURATION' })
    await expect(open({ embedTimeoutMs: 0 })).rejects.toMatchObject({ code: 'MG_CONFIGURATION' })
  })
})

describe('embedPending() of a file', () => {
  it('embeds what other backends wrote, each memory once', async () => {
    const path = join(scratchFolder(), 'memory.db')
    const other = await openFile(path)
    await other.storeMemories(MANY.map((id) => note(id)))
    const embedder = new ScriptedEmbedder()
    const backend = await openFile(path, { embedder })
    const reports = await Promise.all([backend.embedPending(), backend.embedPending()])
    expect(reports.map(({ embedded }) => embedded)).toEqual([250, 0])
    expect(embedder.texts).toHaveLength(250)
    await other.updateMemory({ id: 'n000', title: 'Changed elsewhere' })
    await other.storeMemory(note('new'))
    expect(await backend.embedPending()).toMatchObject({ failed: 0, pending: 0 })
    expect(embedder.texts).toHaveLength(252)
    expect(await embeddedIds(other, ['n000', 'new'])).toEqual(['n000', 'new'])
  })

  it('of one tenant reads nothing of the others', async () => {
    const path = join(scratchFolder(), 'memory.db')
    const whole = await openFile(path)
    await whole.storeMemories([note('out'), { ...note('in'), context: { tenant_id: 't' } }])
    const embedder = new ScriptedEmbedder()
    const tenant = await openFile(path, { embedder, tenantId: 't' })
    await tenant.storeMemory(note('own'))
    expect(await tenant.embedPending()).toMatchObject({ pending: 0 })
    await allEmbedded(tenant)
    expect(embedder.texts.join()).not.toContain('out')
    expect(await embeddedIds(whole, ['out', 'in', 'own'])).toEqual(['in', 'own'])
    expect(await embeddingOf(tenant)).toMatchObject({ recall_model: 'scripted' })
    await expect(tenant.reembed()).rejects.toMatchObject({ code: 'MG_NOT_SUPPORTED' })
  })

  it('is begun by opening it: a second later, what others left has its vectors', async () => {
    const path = join(scratchFolder(), 'memory.db')
    await (await openFile(path)).storeMemory(note('left'))
    const backend = await openFile(path, { embedder: new ScriptedEmbedder() })
    await allEmbedded(backend)
    await backend.executeWriteQuery(
      `UPDATE nodes SET properties = json_set(properties, '$.title', 'By hand') WHERE id = 'left'`,
    )
    expect(await embeddingOf(backend)).toMatchObject({ pending: 1 })
    await allEmbedded(backend)
  })
})
