import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Embedding, EmbeddingInput, GraphBackend, TransferRecord } from '../../src/index.js'
import {
  exportFile,
  exportGraph,
  InMemoryBackend,
  importGraph,
  migrate,
  openDatabaseSource,
  TursoBackend,
} from '../../src/index.js'
import { scratchFolder } from '../support/scratch.js'
import { stores } from './export-samples.js'

const IDS = ['a', 'b', 'task'] as const
const VECTOR = [-1.5, Math.fround(0.1), 2 ** 24]

async function fill(backend: GraphBackend): Promise<void> {
  await backend.storeMemories(['a', 'b'].map((id) => note(id)))
  await backend.putNodes([{ id: 'task', label: 'Task', properties: {} }])
  await backend.setEmbeddings([
    { id: 'a', model: 'm "1"', vector: VECTOR },
    { id: 'a', model: 'second', vector: [1, 2], digest: '0123456789abcdef' },
    { id: 'task', model: 'm "1"', vector: [1, 2, 3] },
  ])
}

function note(id: string, updated = '2026-01-01T00:00:00Z'): Parameters<GraphBackend['storeMemory']>[0] {
  return { id, type: 'general', title: `Title ${id}`, content: `since ${updated}`, updated_at: updated }
}

async function textOf(backend: GraphBackend): Promise<string> {
  let text = ''
  for await (const chunk of exportGraph(backend, { includeEmbeddings: true })) text += chunk
  return text
}

/** Records of two memories, `a` and `b`, and of vectors. */
function records(embeddings: readonly unknown[], updated?: string) {
  const all: Omit<TransferRecord, 'place'>[] = [
    ...['a', 'b'].map((id) => ({ kind: 'memory', value: note(id, updated) }) as const),
    ...embeddings.map((value) => ({ kind: 'embedding', value }) as const),
  ]
  return {
    format: 'records',
    async *records(): AsyncGenerator<TransferRecord> {
      for (const [at, record] of all.entries()) yield { ...record, place: `record ${at}` }
    },
  }
}

function ofA(...vector: number[]): EmbeddingInput {
  return { id: 'a', model: 'm', vector }
}

async function vectorOfA(backend: GraphBackend): Promise<number[]> {
  const [embedding] = await backend.getEmbeddings(['a'], 'm')
  return [...(embedding?.vector ?? [])]
}

describe.each(stores)('Vectors in an export of %s', (_name, create) => {
  it.each(['jsonl', 'json'] as const)(
    'come out of %s as they were, where they were asked for',
    async (format) => {
      await using source = await create()
      await fill(source)
      const path = join(scratchFolder(), 'export')
      expect(await exportFile(source, path, { format, includeEmbeddings: true })).toMatchObject({
        nodes: 3,
        embeddings: 3,
      })
      for (const [, createOther] of stores) {
        await using target = await createOther()
        for (const count of ['imported', 'unchanged'])
          expect(await importGraph(target, path)).toMatchObject({ embeddings: { [count]: 3 }, refused: [] })
        expect(await target.getEmbeddings(IDS)).toEqual(await source.getEmbeddings(IDS))
        expect(await textOf(target)).toBe(await textOf(source))
      }
      await exportFile(source, path, { format, overwrite: true })
      expect(await readFile(path, 'utf8')).not.toContain('embedding')
    },
  )

  it('are base64 text of 32-bit floats, the low byte first, and are missed where lines are', async () => {
    await using source = await create()
    await fill(source)
    const lines = (await textOf(source)).split('\n')
    expect(lines.at(-5)).toBe('{"kind":"embedding","id":"a","model":"m \\"1\\"","vector":"AADAv83MzD0AAIBL"}')
    expect(JSON.parse(lines.at(-4) as string)).toMatchObject({
      vector: 'AACAPwAAAEA=',
      digest: '0123456789abcdef',
    })
    expect(lines.at(-2)).toBe('{"kind":"end","nodes":3,"relationships":0,"embeddings":3}')
    const path = join(scratchFolder(), 'cut.jsonl')
    await writeFile(path, lines.toSpliced(-4, 1).join('\n'))
    await expect(importGraph(source, path)).rejects.toThrow('its end says 3 embeddings, and it holds 2')
  })
})

describe('exportGraph() with embeddings', () => {
  it('refuses formats that cannot hold them', async () => {
    await using source = await TursoBackend.create({ path: ':memory:' })
    const path = join(scratchFolder(), 'export')
    for (const format of ['memorygraph', 'markdown'] as const)
      await expect(exportFile(source, path, { format, includeEmbeddings: true })).rejects.toMatchObject({
        code: 'MG_VALIDATION',
        message: expect.stringContaining('jsonl'),
      })
    await expect(exportFile(source, path, { includeEmbeddings: 1 as never })).rejects.toMatchObject({
      code: 'MG_VALIDATION',
    })
  })
})

describe.each(stores)('importGraph() of vectors into %s', (_name, create) => {
  it.each([
    ['newer', undefined, 'kept', [1, 1]],
    ['newer', '2026-02-02T00:00:00Z', 'replaced', [2, 2]],
    ['newer', '2025-02-02T00:00:00Z', 'kept', [1, 1]],
    ['replace', undefined, 'replaced', [2, 2]],
    ['skip', '2026-02-02T00:00:00Z', 'kept', [1, 1]],
  ] as const)(
    'by the policy %s, with a memory updated at %s, has it %s',
    async (onConflict, updated, outcome, left) => {
      await using target = await create()
      await importGraph(target, records([ofA(1, 1)]))
      expect(await importGraph(target, records([ofA(2, 2)], updated), { onConflict })).toMatchObject({
        embeddings: { [outcome]: 1 },
        refused: [],
      })
      expect(await vectorOfA(target)).toEqual(left)
    },
  )

  it('leaves out the first vector of a memory that is kept as it is, and stores that of one that is the same', async () => {
    await using target = await create()
    await importGraph(target, records([]))
    await target.updateMemory({ id: 'a', title: 'Newer' })
    const source = records([ofA(1, 1), { ...ofA(2, 2), id: 'b' }])
    expect(await importGraph(target, source)).toMatchObject({ embeddings: { kept: 1, imported: 1 } })
    expect((await target.getEmbeddings(['a', 'b'])).map(({ id }) => id)).toEqual(['b'])
  })

  it('stores nothing where the policy is error and a vector is another', async () => {
    await using target = await create()
    await importGraph(target, records([ofA(1, 1)]))
    const failing = importGraph(target, records([{ ...ofA(1, 1), id: 'b' }, ofA(2, 2)]), {
      onConflict: 'error',
    })
    await expect(failing).rejects.toMatchObject({ code: 'MG_CONFLICT' })
    expect(await target.getEmbeddings(['a', 'b'])).toHaveLength(1)
  })

  it('refuses by itself what cannot be stored, and stores the others', async () => {
    await using target = await create()
    const unfit = [
      { ...ofA(1, 1), id: 'absent' },
      ofA(0, 0),
      { ...ofA(1, 1), id: 'b', vector: 'AACAPw' },
      { ...ofA(1, 1), id: 'b', vector: 'not base64!!' },
      { ...ofA(1, 2, 3), id: 'b' },
      { id: 'b', model: 'm' },
      7,
    ]
    const report = await importGraph(target, records([ofA(1, 1), ...unfit]))
    expect(report.embeddings).toEqual({ imported: 1, replaced: 0, kept: 0, unchanged: 0, refused: 7 })
    expect(report.refused.map(({ kind, place }) => `${kind} ${place}`).sort()).toEqual(
      unfit.map((_, at) => `embedding record ${at + 3}`),
    )
    expect(report.refused.find(({ id }) => id === 'absent')?.reason).toContain('a node')
    expect(await vectorOfA(target)).toEqual([1, 1])
  })

  it('takes nothing along in a dry run', async () => {
    await using target = await create()
    await importGraph(target, records([]))
    const report = await importGraph(target, records([ofA(1, 1)]), { dryRun: true })
    expect(report).toMatchObject({ dry_run: true, embeddings: { imported: 1 } })
    expect(await vectorOfA(target)).toEqual([])
  })
})

describe('openDatabaseSource() of a file of this library', () => {
  it('has the vectors that are in it', async () => {
    const path = join(scratchFolder(), 'memory.db')
    await using source = await TursoBackend.create({ path })
    await fill(source)
    const embeddings = await source.getEmbeddings(IDS)
    await source.disconnect()
    await using file = await openDatabaseSource(path)
    await using target = await InMemoryBackend.create()
    expect(await importGraph(target, file)).toMatchObject({ embeddings: { imported: 3 }, refused: [] })
    expect(await target.getEmbeddings(IDS)).toEqual(embeddings)
  })
})

describe.each(stores)('migrate() into %s', (_name, create) => {
  it('copies vectors, unless it is told not to', async () => {
    await using source = await TursoBackend.create({ path: ':memory:' })
    await using target = await create()
    await fill(source)
    await expect(migrate(source, target, { includeEmbeddings: 'no' as never })).rejects.toMatchObject({
      code: 'MG_VALIDATION',
    })
    expect(await migrate(source, target, { includeEmbeddings: false })).toMatchObject({
      nodes: { imported: 3 },
      embeddings: { imported: 0 },
    })
    const none: Embedding[] = []
    expect(await target.getEmbeddings(IDS)).toEqual(none)
    expect(await migrate(source, target)).toMatchObject({ embeddings: { imported: 3 }, refused: [] })
    expect(await target.getEmbeddings(IDS)).toEqual(await source.getEmbeddings(IDS))
  })
})
