import { describe, expect, it } from 'vitest'
import { allEmbedded, BACKENDS, embeddedIds, embeddingOf, note, openFile } from './embedding-backends.js'
import { failsFor, lengths, ScriptedEmbedder } from './scripted-embedder.js'

const IDS = Array.from({ length: 150 }, (_, at) => `n${String(at).padStart(3, '0')}`)

describe.each(BACKENDS)('reembed() of $name', ({ open }) => {
  async function openFilled(old: ScriptedEmbedder) {
    const backend = await open({ embedder: old })
    await backend.storeMemories(IDS.map((id) => note(id)))
    await backend.embedPending()
    return backend
  }

  it('keeps the model before in use until the new one is complete, then drops it', async () => {
    const old = new ScriptedEmbedder('old')
    const backend = await openFilled(old)
    const seen: unknown[] = []
    const next = new ScriptedEmbedder('new', async (texts) => {
      const { recall_model, pending } = await embeddingOf(backend)
      const hits = await backend.searchByVector([1, 24], { k: 1 })
      seen.push([recall_model, pending, hits.length, (await embeddedIds(backend, IDS, 'old')).length])
      return lengths(texts)
    })
    const progress: number[] = []
    const report = await backend.reembed({
      embedder: next,
      model: 'new',
      onProgress: ({ done }) => void progress.push(done),
    })
    expect(report).toEqual({ model: 'new', embedded: 150, failed: 0, last_error: null, pending: 0 })
    expect(progress).toEqual([100, 150, 150])
    expect(new Set(seen.map(String))).toEqual(new Set([String(['old', 0, 1, 150])]))
    expect(await embeddedIds(backend, IDS, 'old')).toEqual([])
    expect(await embeddedIds(backend, IDS, 'new')).toEqual(IDS)
    expect(await embeddingOf(backend)).toMatchObject({ model: 'new', recall_model: 'new', pending: 0 })
    await backend.storeMemory(note('later'))
    await allEmbedded(backend)
    expect(next.texts.at(-1)).toContain('later')
    expect(old.texts).toHaveLength(150)
  })

  it('embeds what is written meanwhile, for both models', async () => {
    const old = new ScriptedEmbedder('old')
    const backend = await openFilled(old)
    let isFirst = true
    const next = new ScriptedEmbedder('new', async (texts) => {
      if (isFirst) {
        isFirst = false
        await backend.storeMemory(note('a-early'))
        await backend.updateMemory({ id: 'n000', title: 'Changed meanwhile' })
        await allEmbedded(backend)
      }
      return lengths(texts)
    })
    expect(await backend.reembed({ embedder: next, keepOld: true })).toMatchObject({ pending: 0 })
    expect(await embeddedIds(backend, ['a-early', 'n000'], 'old')).toHaveLength(2)
    expect(await embeddedIds(backend, ['a-early', 'n000'], 'new')).toHaveLength(2)
    expect(next.texts.at(-1)).toMatch(/a-early|Changed meanwhile/)
  })

  it('that fails or is stopped changes nothing, and goes on where it stopped', async () => {
    const backend = await openFilled(new ScriptedEmbedder('old'))
    const next = new ScriptedEmbedder('new', failsFor('n033'))
    await expect(backend.reembed({ embedder: next })).rejects.toMatchObject({
      code: 'MG_EMBEDDING',
      message: expect.stringMatching(
        /^1 memories could not be embedded by "new" \(.*"n033"\); recalls go on with "old"/,
      ),
      details: { ids: ['n033'] },
    })
    expect(await embeddingOf(backend)).toMatchObject({ model: 'old', recall_model: 'old', pending: 0 })
    expect(await embeddedIds(backend, IDS, 'old')).toHaveLength(150)
    const signal = AbortSignal.abort()
    await expect(backend.reembed({ embedder: next, signal })).rejects.toMatchObject({ code: 'MG_ABORTED' })
    next.behave = lengths
    expect(await backend.reembed({ embedder: next })).toMatchObject({ embedded: 1, pending: 0 })
    expect(await embeddingOf(backend)).toMatchObject({ model: 'new', recall_model: 'new' })
  })

  it('makes the own embedder the one of recalls, which the health report asks for', async () => {
    const backend = await open({ embedder: new ScriptedEmbedder('own') })
    await backend.putNodes([{ id: 'n', label: 'Other', properties: {} }])
    await backend.storeMemory(note('a'))
    await allEmbedded(backend)
    const other = new ScriptedEmbedder('other')
    await backend.reembed({ embedder: other, keepOld: true })
    const back = new ScriptedEmbedder('own')
    await expect(backend.reembed({ model: 'own' })).rejects.toMatchObject({
      code: 'MG_CONFIGURATION',
      message: expect.stringContaining('no embedder of the model "own"'),
    })
    expect(await backend.reembed({ embedder: back })).toMatchObject({ embedded: 0, model: 'own' })
    expect(await embeddedIds(backend, ['a'], 'other')).toEqual([])
    expect((await backend.healthCheck()).warnings).toEqual([])
  })

  it('gives a backend its first embedder, and is not for views', async () => {
    const backend = await open()
    await backend.storeMemory(note('a'))
    expect((await backend.healthCheck()).embedding).toBeNull()
    await expect(backend.reembed()).rejects.toMatchObject({ code: 'MG_CONFIGURATION' })
    await expect(backend.reembed({ embedder: {} as never })).rejects.toMatchObject({
      code: 'MG_CONFIGURATION',
    })
    await expect(backend.reembed({ keep: true } as never)).rejects.toMatchObject({ code: 'MG_VALIDATION' })
    const view = backend.scoped({ tenantId: 't' })
    await expect(view.reembed()).rejects.toMatchObject({ code: 'MG_NOT_SUPPORTED' })
    expect(await backend.reembed({ embedder: new ScriptedEmbedder() })).toMatchObject({ embedded: 1 })
    await backend.storeMemory(note('b'))
    await allEmbedded(backend)
    expect(await embeddedIds(backend, ['a', 'b'])).toEqual(['a', 'b'])
  })
})

describe('A file whose vectors are of another model than the embedder', () => {
  it('says so, and goes on recalling with those', async () => {
    const [, { open } = expect.unreachable()] = BACKENDS
    const backend = await open()
    await backend.storeMemory(note('a'))
    await backend.reembed({ embedder: new ScriptedEmbedder('before') })
    const { db_path: path } = await backend.healthCheck()
    const later = await openFile(String(path), { embedder: new ScriptedEmbedder('after') })
    await later.embedPending()
    const { embedding, warnings } = await later.healthCheck()
    expect(embedding).toMatchObject({ model: 'after', recall_model: 'before', pending: 0 })
    expect(warnings).toEqual([
      'Recalls use the vectors of "before", and the embedder makes those of "after": run reembed()',
    ])
    expect(await later.reembed()).toMatchObject({ embedded: 0, model: 'after' })
    expect((await later.healthCheck()).warnings).toEqual([])
  })
})
