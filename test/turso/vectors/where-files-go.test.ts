import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type GraphBackend, TursoBackend } from '../../../src/index.js'
import { scratchFolder } from '../../support/scratch.js'
import { onPrimary, readPrimary, withPrimary } from '../promoting.js'
import { failureOf, notes } from '../remote/remote.js'
import { clusteredVectors } from './clustered-vectors.js'

const COUNT = 400
const vectors = clusteredVectors(COUNT)
const [first = new Float32Array()] = vectors
const idOf = (at: number): string => `n-${String(at).padStart(3, '0')}`

/** Memories that each have a vector. */
async function fill(backend: GraphBackend): Promise<void> {
  await backend.storeMemories(notes(COUNT, (at) => ({ id: idOf(at) })))
  await backend.setEmbeddings(vectors.map((vector, at) => ({ id: idOf(at), model: 'm', vector })))
}

async function nearest(backend: GraphBackend, k = 10): Promise<[string, number][]> {
  const hits = await backend.searchByVector(first, { k, effort: 2 })
  return hits.map(({ id, score }) => [id, Number(score.toFixed(5))])
}

describe('a backup of a file with vectors', () => {
  it.each(['exact', 'quantized', 'diskann'] as const)(
    'is whole and answers the same (%s)',
    async (vectorStrategy) => {
      const folder = scratchFolder()
      const path = join(folder, 'memory.db')
      await using backend = await TursoBackend.create({ path, vectorStrategy })
      await fill(backend)
      const hits = await nearest(backend)
      await backend.backup(join(folder, 'backup.db'))
      await using copy = await TursoBackend.create({ path: join(folder, 'backup.db'), vectorStrategy })
      expect(await nearest(copy)).toEqual(hits)
      expect(await copy.checkIntegrity()).toMatchObject({ ok: true, problems: [] })
    },
  )
})

describe('taking our tables out of a file with vectors', () => {
  it('is refused, unless they may be lost, and takes a DiskANN index along', async () => {
    const path = join(scratchFolder(), 'memory.db')
    const backend = await TursoBackend.create({ path, vectorStrategy: 'diskann' })
    await backend.storeMemory({ id: 'a', type: 'general', title: 'A', content: 'A' })
    await backend.setEmbeddings([{ id: 'a', model: 'm', vector: [1, 2] }])
    await backend.disconnect()
    expect(await failureOf(TursoBackend.removeOwnTables({ path }))).toMatchObject({
      code: 'MG_CONFLICT',
      details: { lost: { mg_embedding: 1 } },
    })
    expect((await TursoBackend.removeOwnTables({ path, force: true })).lost).toEqual({ mg_embedding: 1 })
    await using again = await TursoBackend.create({ path })
    expect(await again.searchByVector([1, 2])).toEqual([])
    expect(await again.checkIntegrity()).toMatchObject({ ok: true })
  })
})

describe('vectors of a primary', () => {
  it('are found alike by it, by a local copy and in the file that the copy is made of', () =>
    withPrimary(async ({ url }) => {
      const path = join(scratchFolder(), 'copy.db')
      await using remote = await TursoBackend.create({ url, mode: 'remote' })
      await fill(remote)
      const hits = await nearest(remote)
      const replica = await TursoBackend.create({ url, path, vectorStrategy: 'quantized' })
      expect(await nearest(replica)).toEqual(hits)
      await remote.deleteMemory(hits[1]?.[0] as string)
      await replica.setEmbeddings([{ id: hits[2]?.[0] as string, model: 'm', vector: first }])
      const later = await nearest(remote)
      expect(later.slice(0, 2)).toEqual([
        [idOf(0), 1],
        [hits[2]?.[0], 1],
      ])
      await replica.sync()
      expect(await nearest(replica)).toEqual(later)
      await replica.disconnect()
      await using reader = await TursoBackend.create({ path, mode: 'local' })
      expect(await nearest(reader)).toEqual(later)
      const entry = { id: idOf(5), model: 'm', vector: first }
      expect(await failureOf(reader.setEmbeddings([entry]))).toMatchObject({ code: 'MG_READ_ONLY' })
      await reader.disconnect()
      await TursoBackend.detach({ path })
      await using file = await TursoBackend.create({ path, vectorStrategy: 'quantized' })
      expect(await nearest(file)).toEqual(later)
    }))

  it('are stored with few requests, however many there are', () =>
    withPrimary(async ({ url }) => {
      await using remote = await TursoBackend.create({ url, mode: 'remote' })
      await remote.storeMemories(notes(COUNT, (at) => ({ id: idOf(at) })))
      const requests = async (): Promise<number> =>
        ((await remote.healthCheck()).primary as { requests: number }).requests
      const before = await requests()
      await remote.setEmbeddings(vectors.map((vector, at) => ({ id: idOf(at), model: 'm', vector })))
      expect((await requests()) - before).toBeLessThanOrEqual(12)
    }))
})

describe('promote', () => {
  it('takes vectors along, which of them are out of date, and the model of recalls', () =>
    withPrimary(async ({ url }) => {
      const path = join(scratchFolder(), 'memory.db')
      const backend = await TursoBackend.create({ path })
      await fill(backend)
      await backend.updateMemory({ id: idOf(1), title: 'Changed' })
      const set = (version: number, at: number): Promise<unknown> =>
        backend.executeWriteQuery(`UPDATE mg_embedding SET version = ?, digest = 'd' WHERE id = ?`, [
          version,
          idOf(at),
        ])
      await set(2, 1)
      await set(1, 2)
      await set(7, 3)
      await backend.executeWriteQuery(`INSERT INTO mg_schema VALUES ('recall_model', 'm')`)
      const hits = await nearest(backend)
      await backend.disconnect()
      const report = await TursoBackend.promote({ path, url })
      expect(report).toMatchObject({ embeddings: COUNT, refused: [] })
      await using replica = await TursoBackend.create({ path, url })
      expect(await nearest(replica)).toEqual(hits)
      expect(
        await readPrimary(url, [
          'SELECT id, version, digest FROM mg_embedding WHERE version IS NOT NULL ORDER BY id',
          `SELECT value FROM mg_schema WHERE name = 'recall_model'`,
        ]),
      ).toEqual([
        [
          [idOf(1), 2, 'd'],
          [idOf(2), 1, 'd'],
          [idOf(3), 0, 'd'],
        ],
        [['m']],
      ])
    }))

  it('with merge leaves vectors that the primary has, and refuses those of another length', () =>
    withPrimary(async ({ url }) => {
      const path = join(scratchFolder(), 'memory.db')
      for (const options of [{ path }, { url, mode: 'remote' } as const]) {
        await using backend = await TursoBackend.create(options)
        for (const at of [0, 1, 2])
          await backend.executeWriteQuery(
            `INSERT INTO nodes VALUES (?, 'Memory', '{"title":"Same"}', '2025-01-01', '2025-01-01')`,
            [idOf(at)],
          )
        const isHere = 'path' in options
        await backend.setEmbeddings([
          { id: idOf(0), model: 'm', vector: isHere ? [1, 0] : [0, 1] },
          { id: idOf(isHere ? 1 : 2), model: 'm', vector: [1, 1] },
          { id: idOf(2), model: 'other', vector: isHere ? [1, 1] : [1, 1, 1] },
          ...(isHere ? [{ id: idOf(1), model: 'other', vector: [1, 1] }] : []),
        ])
      }
      await onPrimary(
        url,
        `UPDATE nodes SET properties = json_set(properties, '$.title', 'Newer') WHERE id = '${idOf(2)}'`,
      )
      const report = await TursoBackend.promote({ path, url, merge: true })
      expect(report).toMatchObject({ embeddings: 1, refused: [{ kind: 'embedding', id: idOf(1) }] })
      await using remote = await TursoBackend.create({ url, mode: 'remote' })
      const stored = await remote.getEmbeddings([idOf(0), idOf(1), idOf(2)])
      expect(stored.map(({ id, model, vector }) => [id, model, [...vector]])).toEqual([
        [idOf(0), 'm', [0, 1]],
        [idOf(1), 'm', [1, 1]],
        [idOf(2), 'm', [1, 1]],
        [idOf(2), 'other', [1, 1, 1]],
      ])
    }))
})
