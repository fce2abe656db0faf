import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, onTestFinished } from 'vitest'
import { BEFORE_FAR_MS } from '../support/patience.js'
import { scratchFolder } from '../support/scratch.js'
import { embeddedIds, embeddingOf, note, openFile } from './embedding-backends.js'
import { ScriptedEmbedder } from './scripted-embedder.js'

const WORKER = fileURLToPath(new URL('../support/embedding-worker.mjs', import.meta.url))
const IDS = Array.from({ length: 500 }, (_, at) => `n${at}`)

function start(path: string, model: string, what: 'drain' | 'reembed' | 'leave'): ChildProcess {
  const child = spawn(process.execPath, [WORKER, path, model, what], { stdio: ['ignore', 'pipe', 'inherit'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  return child
}

describe('A process that embeds', () => {
  it('leaves, killed half way, a sound file, and the next one goes on where it stopped', async () => {
    const path = join(scratchFolder(), 'memory.db')
    const plain = await openFile(path)
    await plain.storeMemories(IDS.map((id) => note(id)))
    const child = start(path, 'scripted', 'drain')
    await once(child.stdout ?? expect.unreachable(), 'data')
    child.kill('SIGKILL')
    await once(child, 'close')
    const stored = await embeddedIds(plain, IDS)
    expect(stored.length).toBeGreaterThanOrEqual(100)
    expect(stored.length).toBeLessThan(500)
    const embedder = new ScriptedEmbedder()
    const backend = await openFile(path, { embedder })
    expect(await backend.embedPending()).toMatchObject({ embedded: 500 - stored.length, pending: 0 })
    expect(embedder.texts).toHaveLength(500 - stored.length)
    expect(await embeddedIds(backend, IDS)).toHaveLength(500)
    expect((await backend.checkIntegrity()).problems).toEqual([])
  })

  it('leaves, killed while it changes the model, the old one in use and complete', async () => {
    const path = join(scratchFolder(), 'memory.db')
    const old = await openFile(path, { embedder: new ScriptedEmbedder('old') })
    await old.storeMemories(IDS.map((id) => note(id)))
    await old.embedPending()
    const child = start(path, 'new', 'reembed')
    await once(child.stdout ?? expect.unreachable(), 'data')
    child.kill('SIGKILL')
    await once(child, 'close')
    expect(await embeddingOf(old)).toMatchObject({ recall_model: 'old', pending: 0 })
    const stored = await embeddedIds(old, IDS, 'new')
    const embedder = new ScriptedEmbedder('new')
    const report = await old.reembed({ embedder })
    expect(report).toMatchObject({ embedded: 500 - stored.length, pending: 0 })
    expect(stored.length).toBeGreaterThanOrEqual(100)
    expect(await embeddedIds(old, IDS, 'old')).toEqual([])
    expect(await embeddingOf(old)).toMatchObject({ recall_model: 'new', pending: 0 })
    expect((await old.checkIntegrity()).problems).toEqual([])
  })

  it('is kept alive by no embedder that hangs, and loses no memory', async () => {
    const path = join(scratchFolder(), 'memory.db')
    const child = start(path, 'scripted', 'leave')
    const [id] = await once(child.stdout ?? expect.unreachable(), 'data')
    const before = performance.now()
    expect(await once(child, 'close')).toEqual([0, null])
    expect(performance.now() - before).toBeLessThan(BEFORE_FAR_MS) // an embedder is given 30 seconds
    const backend = await openFile(path, { embedder: new ScriptedEmbedder() })
    expect(await backend.getMemory(String(id).trim())).toMatchObject({ title: 'Left' })
    expect(await backend.embedPending()).toMatchObject({ embedded: 1 })
  })
})
