import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { InMemoryBackend } from '../../../src/backends/in-memory/in-memory-backend.js'
import { Connection } from '../../../src/backends/turso/local/connection.js'
import { TursoBackend } from '../../../src/backends/turso/turso-backend.js'
import type { GraphView } from '../../../src/graph/graph-view.js'
import { startStoring } from '../../support/processes.js'
import { scratchFolder } from '../../support/scratch.js'
import { startSqld } from '../../support/sqld.js'

const note = (id: string): { id: string; type: string; title: string; content: string } => ({
  id,
  type: 'task',
  title: id,
  content: id,
})

/** A file with a → b → c, and a view of it that has been read. */
async function chain(): Promise<{ path: string; backend: TursoBackend; view: GraphView }> {
  const path = join(scratchFolder(), 'memory.db')
  const backend = await TursoBackend.create({ path })
  await backend.storeMemories(['a', 'b', 'c'].map(note))
  await backend.createRelationships([
    { id: 'ab', from_memory_id: 'a', to_memory_id: 'b', type: 'CAUSES' },
    { id: 'bc', from_memory_id: 'b', to_memory_id: 'c', type: 'CAUSES' },
  ])
  const view = await backend.graph({ direction: 'outgoing' })
  await view.load()
  return { path, backend, view }
}

const idsOf = async (view: GraphView, id: string, depth = 9): Promise<string[]> =>
  (await view.neighbors(id, depth)).map((one) => one.id)

describe('A graph that has been read sees in the next call', () => {
  it('what another process writes', async () => {
    const { path, backend, view } = await chain()
    const other = startStoring(path, 'other', 30)
    await other.ended
    expect((await view.load()).nodes).toBe(33)
    await backend.disconnect()
  })

  it('what plain SQL of another program writes, replaces and deletes', async () => {
    const { path, backend, view } = await chain()
    const other = await Connection.open({ path, encryptionKey: undefined })
    other.exec(`INSERT INTO nodes (id, label, properties) VALUES ('d', 'Memory', '{"title": "d"}');
      INSERT INTO relationships (id, from_id, to_id, rel_type, properties, valid_from, recorded_at)
      VALUES ('cd', 'c', 'd', 'CAUSES', '{"strength": 0.9}', '2026-01-01T00:00:00+00:00', '2026-01-01T00:00:00+00:00');
      INSERT OR REPLACE INTO relationships (id, from_id, to_id, rel_type, properties, valid_from, recorded_at)
      VALUES ('bc', 'b', 'd', 'CAUSES', '{}', '2026-01-01T00:00:00+00:00', '2026-01-01T00:00:00+00:00')`)
    expect(await idsOf(view, 'a')).toEqual(['b', 'd'])
    expect(await view.shortestPath('c', 'd')).toMatchObject({ relationship_ids: ['cd'], strength: 0.9 })
    other.exec(`DELETE FROM relationships; DELETE FROM nodes WHERE id = 'd'`)
    other.close()
    expect(await idsOf(view, 'a')).toEqual([])
    expect(await view.load()).toEqual({ nodes: 3, relationships: 0 })
    await backend.disconnect()
  })

  it('nothing of a transaction that was undone, and all of one that was stored', async () => {
    const { backend, view } = await chain()
    const undone = backend.transaction(async (tx) => {
      await tx.createRelationship('c', 'a', 'RELATED_TO')
      await tx.deleteMemory('b')
      throw new Error('undone')
    })
    await expect(undone).rejects.toThrow('undone')
    expect(await idsOf(view, 'a')).toEqual(['b', 'c'])
    await backend.transaction(async (tx) => {
      await tx.deleteMemory('b')
      await tx.createRelationship('a', 'c', 'CAUSES')
    })
    expect(await idsOf(view, 'a')).toEqual(['c'])
    await backend.disconnect()
  })

  it('what is written beside ids that are no text, or no UTF-8', async () => {
    const { path, backend, view } = await chain()
    const other = await Connection.open({ path, encryptionKey: undefined })
    for (const id of [`x'0102'`, `CAST(x'ff41' AS TEXT)`]) {
      other.exec(`INSERT INTO nodes (id, label, properties) VALUES (${id}, 'Task', '{}')`)
      expect(await view.load()).toEqual({ nodes: 3, relationships: 2 })
      await using fresh = await TursoBackend.create({ path })
      expect(await (await fresh.graph()).load()).toEqual({ nodes: 3, relationships: 2 })
    }
    other.close()
    await backend.disconnect()
  })

  it('invalidations, replacements and deletions', async () => {
    const { backend, view } = await chain()
    await backend.supersedeRelationship('bc', { to_memory_id: 'a', type: 'RELATED_TO' })
    expect(await idsOf(view, 'a')).toEqual(['b'])
    await backend.invalidateRelationship('ab')
    expect((await view.load()).relationships).toBe(1)
    await backend.deleteNodes(['a'])
    expect(await view.load()).toEqual({ nodes: 2, relationships: 0 })
    await backend.disconnect()
  })

  it('what a sync brings to a copy of a primary', async () => {
    await using sqld = await startSqld()
    const path = join(scratchFolder(), 'replica.db')
    await using replica = await TursoBackend.create({ path, url: sqld.url, syncIntervalSeconds: 0 })
    await replica.storeMemories(['a', 'b'].map(note))
    const view = await replica.graph()
    await view.load()
    await using remote = await TursoBackend.create({ url: sqld.url, mode: 'remote' })
    await remote.createRelationship('a', 'b', 'CAUSES')
    await replica.sync()
    expect(await idsOf(view, 'a')).toEqual(['b'])
    expect(await idsOf(await remote.graph(), 'b')).toEqual(['a'])
  })

  it('another database in the place of the one that was read', async () => {
    const { path, backend, view } = await chain()
    const elsewhere = join(scratchFolder(), 'other.db')
    const other = await TursoBackend.create({ path: elsewhere })
    for (const id of ['p', 'q', 'r', 's', 't', 'u', 'v']) await other.storeMemory(note(id))
    await other.disconnect()
    await backend.disconnect()
    copyFileSync(elsewhere, path)
    await backend.connect()
    expect(await view.load()).toEqual({ nodes: 7, relationships: 0 })
    await backend.disconnect()
  })

  it('more changes than the feed keeps, or than are worth following', async () => {
    const { path, backend, view } = await chain()
    const other = await TursoBackend.create({ path, synchronous: 'normal' })
    await other.putNodes(
      Array.from({ length: 11_000 }, (_, at) => ({ id: `n${at}`, label: 'Task', properties: {} })),
    )
    expect((await view.load()).nodes).toBe(11_003)
    await other.executeWriteQuery('DELETE FROM mg_change')
    await other.deleteMemory('a')
    expect((await view.load()).nodes).toBe(11_002)
    await other.disconnect()
    await backend.disconnect()
  })
})

describe('A view of a scope that has been read', () => {
  it('sees what comes into the scope with its relationships, and no longer what leaves it', async () => {
    for (const backend of [await InMemoryBackend.create(), await TursoBackend.create({ path: ':memory:' })]) {
      const mine = { context: { project_path: '/mine' } }
      await backend.storeMemories([
        { ...note('a'), ...mine },
        { ...note('b'), ...mine },
        { ...note('c'), context: { project_path: '/other' } },
      ])
      await backend.createRelationship('a', 'c', 'CAUSES')
      await backend.createRelationship('c', 'b', 'CAUSES')
      const view = await backend.scoped({ projectPath: '/mine' }).graph({ direction: 'outgoing' })
      expect(await view.load()).toEqual({ nodes: 2, relationships: 0 })
      await backend.updateMemory({ id: 'c', ...mine })
      expect(await idsOf(view, 'a')).toEqual(['c', 'b'])
      await backend.updateMemory({ id: 'c', context: { project_path: '/other' } })
      expect(await view.load()).toEqual({ nodes: 2, relationships: 0 })
      expect(await idsOf(view, 'a')).toEqual([])
      await backend.disconnect()
    }
  })
})

describe.each([
  ['a file', (path: string) => TursoBackend.create({ path, synchronous: 'normal' })],
  ['memory', () => InMemoryBackend.create()],
] as const)('A long walk in %s of which nothing has been read', (_store, open) => {
  it('is stopped on its way', async () => {
    const backend = await open(join(scratchFolder(), 'memory.db'))
    const ids = Array.from({ length: 20_000 }, (_, at) => `n${at}`)
    await backend.putNodes(ids.map((id) => ({ id, label: 'Task', properties: {} })))
    await backend.createRelationships(
      ids.slice(1).map((id, at) => ({
        id: `to-${id}`,
        from_memory_id: ids[Math.floor(at / 100)] as string,
        to_memory_id: id,
        type: 'CAUSES',
      })),
    )
    const stop = new AbortController()
    const view = await backend.graph()
    setImmediate(() => stop.abort())
    await expect(view.neighbors('n0', 9, { signal: stop.signal })).rejects.toMatchObject({
      code: 'MG_ABORTED',
    })
    expect(await view.neighbors('n0', 9)).toHaveLength(ids.length - 1)
    await backend.disconnect()
  })
})

describe('Reading a graph', () => {
  it('is refused where it is more than the budget, which says what to raise', async () => {
    const { backend } = await chain()
    const failure = await (await backend.graph({ maxNodes: 2 })).load().catch((error: unknown) => error)
    expect(failure).toMatchObject({ code: 'MG_GRAPH_TOO_LARGE', details: { nodes: 3, maxNodes: 2 } })
    expect(String(failure)).toMatch(/raise the option maxNodes \(--max-nodes/)
    const around = await backend.graph({ start: 'a', maxEdges: 1 })
    await expect(around.load()).rejects.toThrow(/raise the option maxEdges \(--max-edges/)
    await backend.disconnect()
  })

  it('can be stopped, and is ended by disconnect()', async () => {
    const path = join(scratchFolder(), 'memory.db')
    const backend = await TursoBackend.create({ path, synchronous: 'normal' })
    await backend.putNodes(
      Array.from({ length: 20_000 }, (_, at) => ({ id: `n${at}`, label: 'Task', properties: {} })),
    )
    const stop = new AbortController()
    const view = await backend.graph()
    const stopped = view.load({ signal: stop.signal, onProgress: () => stop.abort() })
    await expect(stopped).rejects.toMatchObject({ code: 'MG_ABORTED' })
    let ended: Promise<void> | undefined
    const cut = view.load({ onProgress: () => (ended ??= backend.disconnect()) })
    await expect(cut).rejects.toMatchObject({ code: 'MG_ABORTED' })
    await ended
    await expect(view.load()).rejects.toMatchObject({ code: 'MG_NOT_CONNECTED' })
  })

  it('is not waited for by who is stopped while another reads', async () => {
    const { path, backend } = await chain()
    await using another = await TursoBackend.create({ path })
    const view = await another.graph()
    const stop = new AbortController()
    let isRead = false
    let stopped: Promise<unknown> | undefined
    const load = view.load({
      onProgress: () => {
        stopped ??= view
          .load({ signal: stop.signal })
          .catch((error: { code: string }) => [error.code, isRead])
        stop.abort()
      },
    })
    expect(await load.then(() => (isRead = true))).toBe(true)
    expect(await stopped).toEqual(['MG_ABORTED', false])
    await backend.disconnect()
  })

  it('happens once for many who ask at the same time', async () => {
    const { path, backend } = await chain()
    await using another = await TursoBackend.create({ path })
    const readers = new Set<number>()
    const view = await another.graph({ direction: 'incoming' })
    const loads = Array.from({ length: 5 }, (_, at) =>
      view.load({ onProgress: ({ phase }) => phase === 'loading' && readers.add(at) }),
    )
    expect(await Promise.all(loads)).toEqual(Array(5).fill({ nodes: 3, relationships: 2 }))
    expect(readers.size).toBe(1)
    await backend.disconnect()
  })
})
