import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { TursoBackend, type TursoBackendOptions } from '../../src/index.js'
import { scratchFolder } from '../support/scratch.js'
import { type Sqld, startSqld } from '../support/sqld.js'
import { startProxy } from '../support/tcp-proxy.js'
import { allEmbedded, embeddedIds, embeddingOf, note } from './embedding-backends.js'
import { lengths, ScriptedEmbedder } from './scripted-embedder.js'

const OPTIONS = { timeoutMs: 2_000, maxRetries: 1, circuitResetMs: 100 } as const

let sqld: Sqld

beforeAll(async () => {
  sqld = await startSqld()
})

afterAll(() => sqld[Symbol.asyncDispose]())

async function open(options: TursoBackendOptions): Promise<TursoBackend> {
  const backend = await TursoBackend.create({ ...OPTIONS, ...options })
  onTestFinished(() => backend.disconnect())
  return backend
}

describe.each(['remote', 'replica'] as const)('An embedder in the mode %s', (mode) => {
  it('puts vectors on the primary, and goes on when that is back', async () => {
    const proxy = await startProxy(sqld)
    onTestFinished(() => proxy.close())
    let answer = (): void => undefined
    const embedder = new ScriptedEmbedder(mode)
    const path = mode === 'replica' ? { path: join(scratchFolder(), 'replica.db') } : {}
    const backend = await open({ url: proxy.url, mode, ...path, embedder })
    const id = `${mode}-a`
    await backend.storeMemory(note(id))
    await allEmbedded(backend)
    embedder.behave = async (texts) => {
      await new Promise<void>((resolve) => {
        answer = resolve
      })
      return lengths(texts)
    }
    await backend.updateMemory({ id, title: `Another title of ${id}` })
    await expect.poll(() => embedder.texts.at(-1)).toContain(`Another title of ${id}`)
    proxy.freeze()
    answer()
    await expect.poll(() => lastErrorOf(backend)).not.toBeNull()
    embedder.behave = lengths
    proxy.thaw()
    await allEmbedded(backend)
    const other = await open({ url: sqld.url, mode: 'remote' })
    expect(await embeddedIds(other, [id], mode)).toEqual([id])
    const hits = await backend.searchByVector([1, 1], { model: mode })
    expect(hits.map((hit) => hit.id)).toContain(id)
  })
})

/** Also while the report says that nothing can be read. */
async function lastErrorOf(backend: TursoBackend): Promise<string | null> {
  return (await embeddingOf(backend)).last_error
}
