import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { TursoBackend, type TursoBackendOptions } from '../../src/index.js'
import { scratchFolder } from '../support/scratch.js'
import { startProxy } from '../support/tcp-proxy.js'
import { onPrimary, readFile, readPrimary, when, withPrimary } from './promoting.js'
import { failureOf, note } from './remote/remote.js'

const WORKER = fileURLToPath(new URL('../support/promote-worker.mjs', import.meta.url))
const SELECT_HISTORIES = [
  'SELECT id, version FROM mg_revision ORDER BY id',
  'SELECT id, version, CAST(properties AS BLOB) AS properties, replaced_at FROM mg_version ORDER BY id, version',
]
const COUNT_VERSIONS = ['SELECT count(*) AS count FROM mg_version']
const KEPT = [`SELECT value FROM mg_schema WHERE name = 'kept_versions'`]

/** Gives all memories of a graph, or those with some ids, so many more versions. */
async function revise(backend: TursoBackend, times: number, ids = '%'): Promise<void> {
  for (let time = 1; time <= times; time++) {
    await backend.executeWriteQuery(
      `UPDATE nodes SET properties = json_set(properties, '$.title', 'Revised ' || coalesce((SELECT version FROM mg_revision AS r WHERE r.id = nodes.id), 1))
       WHERE id LIKE ?`,
      [ids],
    )
  }
}

/** A file with memories that were all revised so often, and one that never was. */
async function revisedFile(
  memories: number,
  times: number,
  options: TursoBackendOptions = {},
): Promise<string> {
  const path = join(scratchFolder(), 'memory.db')
  await using backend = await TursoBackend.create({ path, ...options })
  const ids = Array.from({ length: memories }, (_, at) => `memory-${String(at).padStart(2, '0')}`)
  await backend.storeMemories(ids.map((id) => note(`Title of ${id}`, { id })))
  await revise(backend, times)
  await backend.storeMemory(note('Never revised', { id: 'as-it-was' }))
  return path
}

describe('promote takes along the earlier versions of memories', () => {
  it('with their numbers and times, whoever wrote them', () =>
    withPrimary(async ({ url }) => {
      const path = await revisedFile(3, 2)
      const local = await TursoBackend.create({ path })
      await local.updateMemory({ id: 'memory-01', content: 'Überarbeitet 🧪', tags: ['new'] })
      await local.executeWriteQuery(
        `UPDATE nodes SET properties = CAST(x'7b22efbbbf00ff227d' AS TEXT) WHERE id = 'memory-02'`,
      )
      await revise(local, 1, 'memory-00')
      await local.executeWriteQuery(`UPDATE nodes SET properties = '{}' WHERE id = 'memory-02'`)
      const history = await local.getMemoryHistory('memory-01')
      await local.disconnect()
      const before = await readFile(path, SELECT_HISTORIES)
      const report = await TursoBackend.promote({ path, url })
      expect(report).toMatchObject({ nodes: { copied: 4 }, versions: 10, refused: [] })
      expect(await readPrimary(url, SELECT_HISTORIES)).toEqual(before)
      await using replica = await TursoBackend.create({ path, url })
      expect(await replica.getMemoryHistory('memory-01')).toEqual(history)
      expect(await replica.getMemory('memory-01')).toMatchObject({ version: 4, tags: ['new'] })
      expect((await replica.getMemory('as-it-was'))?.version).toBe(1)
      await replica.updateMemory({ id: 'memory-01', title: 'On the primary' }, { expectedVersion: 4 })
      expect((await replica.getMemoryHistory('memory-01')).map(({ version }) => version)).toEqual([
        1, 2, 3, 4,
      ])
    }))

  it('also those of a memory that are more than a request holds, but none that no primary holds', () =>
    withPrimary(async ({ url }) => {
      const path = await revisedFile(1, 1)
      const local = await TursoBackend.create({ path })
      const put = (content: string) =>
        local.executeWriteQuery(
          `UPDATE nodes SET properties = json_set(properties, '$.content', ${content}) WHERE id = 'memory-00'`,
        )
      await put('hex(zeroblob(2600000))')
      for (let version = 3; version <= 6; version++) await put(`'${version}' || hex(zeroblob(400000))`)
      await local.disconnect()
      const [revisions, versions = []] = await readFile(path, SELECT_HISTORIES)
      const batches: number[] = []
      const abort = new AbortController()
      const options = {
        path,
        url,
        onProgress: ({ phase, done }: { phase?: string | undefined; done: number }) => {
          if (phase === 'copying') batches.push(done)
          if (done === 4) abort.abort() // in the middle of the history
        },
      }
      const error = await failureOf(TursoBackend.promote({ ...options, signal: abort.signal }))
      expect(error).toMatchObject({ code: 'MG_ABORTED' })
      const report = await TursoBackend.promote(options)
      expect(batches).toEqual([0, 2, 3, 4, 4, 5, 5, 7])
      expect(report).toMatchObject({ versions: 5 })
      expect(report.refused).toEqual([
        {
          kind: 'version',
          id: 'memory-00',
          reason: expect.stringMatching(/^of version 3, its properties are larger than/),
        },
      ])
      const expected = [revisions, versions.filter((row) => (row as unknown[])[1] !== 3)]
      expect(await readPrimary(url, SELECT_HISTORIES)).toEqual(expected)
    }))

  it('as far as the primary keeps them', () =>
    withPrimary(async ({ url }) => {
      await (await TursoBackend.create({ url, mode: 'remote', keepVersions: 2 })).disconnect()
      const path = await revisedFile(2, 5, { keepVersions: 4 })
      const [revisions, versions = []] = await readFile(path, SELECT_HISTORIES)
      const report = await TursoBackend.promote({ path, url })
      expect(report).toMatchObject({ versions: 4, refused: [] })
      const newest = versions.filter((row) => Number((row as unknown[])[1]) >= 4)
      expect(await readPrimary(url, SELECT_HISTORIES)).toEqual([revisions, newest])
      expect(await readPrimary(url, KEPT)).toEqual([[[2]]])
    }))

  it.each([
    [30, 25],
    [0, 3],
  ])('with how many are kept (%i), where the primary does not say', (keepVersions, times) =>
    withPrimary(async ({ url }) => {
      const path = await revisedFile(1, times, { keepVersions })
      const before = await readFile(path, SELECT_HISTORIES)
      const report = await TursoBackend.promote({ path, url })
      expect(report.versions).toBe(Math.min(keepVersions, times))
      expect(await readPrimary(url, SELECT_HISTORIES)).toEqual(before)
      expect(await readPrimary(url, KEPT)).toEqual([[[keepVersions]]])
    }),
  )
})

describe('promote with merge', () => {
  it('takes along the versions of what is the same on both sides, unless the primary has some of its own', () =>
    withPrimary(async ({ url }) => {
      const path = join(scratchFolder(), 'memory.db')
      const sides = { here: { path }, there: { url, mode: 'remote' as const } }
      for (const [side, options] of Object.entries(sides)) {
        await using backend = await TursoBackend.create(options)
        const put = (id: string, time: number, title: string) =>
          backend.executeWriteQuery(
            `INSERT INTO nodes VALUES (?1, 'Memory', json_object('title', ?2, 'updated_at', ?3), '2025-01-01', '2025-01-01')
             ON CONFLICT(id) DO UPDATE SET properties = excluded.properties`,
            [id, title, `2025-01-0${time}T00:00:00.000000+00:00`],
          )
        if (side === 'here') await put('revised-here', 1, 'First here')
        await put('revised-here', 2, 'The same')
        await put('as-often', 1, `First ${side}`)
        await put('as-often', 2, 'The same')
        await put('more-often-here', 1, `First ${side}`)
        if (side === 'here') await put('more-often-here', 2, 'Second here')
        await put('more-often-here', 3, 'The same')
        for (const time of [1, 2]) await put('pruned-there', time, `Version ${time} ${side}`)
        await put('pruned-there', 3, 'The same')
        await put('newer-here', 1, `First ${side}`)
        await put('newer-here', side === 'here' ? 3 : 2, `Last ${side}`)
        await put('newer-there', 1, `First ${side}`)
        if (side === 'here') await put('unlike', 1, 'First here')
        await put('unlike', side === 'there' ? 3 : 2, `Last ${side}`)
        await put('newer-there', side === 'there' ? 3 : 2, `Last ${side}`)
      }
      await onPrimary(url, `DELETE FROM mg_version WHERE id = 'pruned-there' AND version = 1`)
      for (const versions of [1, 0]) {
        const report = await TursoBackend.promote({ path, url, merge: true })
        expect(report).toMatchObject({ nodes: { copied: 0 }, versions, refused: [] })
        const [numbers, titles] = await readPrimary(url, [
          'SELECT id, version FROM mg_revision ORDER BY id',
          `SELECT id, version, properties ->> 'title' AS title FROM mg_version ORDER BY id, version`,
        ])
        expect(numbers).toEqual([
          ['as-often', 2],
          ['more-often-here', 2],
          ['newer-here', 3],
          ['newer-there', 2],
          ['pruned-there', 3],
          ['revised-here', 2],
        ])
        expect(titles).toEqual([
          ['as-often', 1, 'First there'],
          ['more-often-here', 1, 'First there'],
          ['newer-here', 1, 'First there'],
          ['newer-here', 2, 'Last there'],
          ['newer-there', 1, 'First there'],
          ['pruned-there', 2, 'Version 2 there'],
          ['revised-here', 1, 'First here'],
        ])
        await TursoBackend.detach({ path })
      }
    }))
})

describe('a promotion that was interrupted among the versions', () => {
  it.each([false, true])('by the network goes on there (merge: %s)', (merge) =>
    withPrimary(async (sqld) => {
      await using proxy = await startProxy(sqld)
      const path = await revisedFile(40, 10)
      const before = await readFile(path, SELECT_HISTORIES)
      const cut = when('copying', 42, () => {
        proxy.refuse()
        proxy.cut()
      })
      const options = { path, url: proxy.url, merge, timeoutMs: 2_000, maxRetries: 1 }
      const error = await failureOf(TursoBackend.promote({ ...options, onProgress: cut }))
      expect(error).toMatchObject({ code: 'MG_OFFLINE' })
      expect(await readPrimary(sqld.url, COUNT_VERSIONS)).toEqual([[[300]]])
      await proxy.accept()
      const seen: number[] = []
      const report = await TursoBackend.promote({
        ...options,
        onProgress: ({ phase, done }) => {
          if (phase === 'copying') seen.push(done)
          if (phase === 'copying') proxy.cutAfterRequest(2) // what is stored, and its answer lost, is stored once
        },
      })
      expect(seen).toEqual([341, 441])
      expect(report).toMatchObject({ nodes: { copied: 41 }, versions: 400, refused: [] })
      expect(await readPrimary(sqld.url, SELECT_HISTORIES)).toEqual(before)
    }),
  )

  it('by a kill -9 is completed by the next call', () =>
    withPrimary(async ({ url }) => {
      const path = await revisedFile(40, 10)
      const before = await readFile(path, SELECT_HISTORIES)
      const child = spawn(process.execPath, [WORKER, path, url, 'copying', '42'], { stdio: 'inherit' })
      expect(await once(child, 'exit')).toEqual([null, 'SIGKILL'])
      expect(await readFile(path, SELECT_HISTORIES)).toEqual(before)
      expect(await TursoBackend.promote({ path, url })).toMatchObject({ versions: 400 })
      expect(await readPrimary(url, SELECT_HISTORIES)).toEqual(before)
    }))

  it('goes on with what the file holds by then', () =>
    withPrimary(async ({ url }) => {
      const path = await revisedFile(40, 10)
      const abort = new AbortController()
      const onProgress = when('copying', 42, () => abort.abort())
      await failureOf(TursoBackend.promote({ path, url, onProgress, signal: abort.signal }))
      await TursoBackend.create({ path }).then(async (local) => {
        await revise(local, 2, 'memory-01')
        await local.deleteMemory('memory-02')
        await local.deleteMemory('memory-03')
        await local.storeMemory(note('Made anew', { id: 'memory-03' }))
        await local.executeWriteQuery(
          `INSERT OR REPLACE INTO nodes VALUES ('memory-04', 'Memory', '{}', '2025', '2025')`,
        )
        await local.disconnect()
      })
      const before = await readFile(path, SELECT_HISTORIES)
      await TursoBackend.promote({ path, url })
      expect(await readPrimary(url, SELECT_HISTORIES)).toEqual(before)
    }))

  it('before this library copied versions goes on with them, wherever it was', () =>
    withPrimary(async ({ url }) => {
      const path = await revisedFile(3, 2)
      const before = await readFile(path, SELECT_HISTORIES)
      const abort = new AbortController()
      const onProgress = when('verifying', 1, () => abort.abort())
      await failureOf(TursoBackend.promote({ path, url, onProgress, signal: abort.signal }))
      await onPrimary(
        url,
        `UPDATE mg_schema SET value = json_remove(value, '$.versions') WHERE name = 'promoting';
        DELETE FROM mg_version; DELETE FROM mg_revision;
        INSERT INTO mg_revision VALUES ('memory-01', 2)`, // as a copy that was replaced by a later one has left it
      )
      const [[stage] = []] = await readPrimary(url, [
        `SELECT value ->> 'stage' AS stage FROM mg_schema WHERE name = 'promoting'`,
      ])
      expect(stage).toEqual(['verify'])
      const report = await TursoBackend.promote({ path, url })
      expect(report).toMatchObject({ nodes: { copied: 4 }, versions: 6, refused: [] })
      expect(await readPrimary(url, SELECT_HISTORIES)).toEqual(before)
    }))
})

describe('a version that is read back from the primary', () => {
  it.each([
    ['otherwise', `UPDATE mg_version SET properties = '{}' WHERE id = 'memory-01' AND version = 1`],
    ['no more', `DELETE FROM mg_version WHERE id = 'memory-01' AND version = 1`],
  ])('%s leaves everything as it was, and the next call puts it right', (_, damage) =>
    withPrimary(async (sqld) => {
      await using proxy = await startProxy(sqld)
      const path = await revisedFile(3, 2)
      const before = await readFile(path, SELECT_HISTORIES)
      let damaging: Promise<void> | undefined
      const onProgress = when('verifying', 1, () => {
        proxy.freeze()
        damaging = onPrimary(sqld.url, damage).then(() => proxy.thaw())
      })
      const error = await failureOf(TursoBackend.promote({ path, url: proxy.url, onProgress }))
      await damaging
      expect(error).toMatchObject({ code: 'MG_SYNC', details: { kind: 'version', id: 'memory-01' } })
      expect(await readFile(path, SELECT_HISTORIES)).toEqual(before)
      const report = await TursoBackend.promote({ path, url: proxy.url })
      expect(report).toMatchObject({ nodes: { unchanged: 4 }, versions: 1 })
      expect(await readPrimary(sqld.url, SELECT_HISTORIES)).toEqual(before)
    }),
  )
})
