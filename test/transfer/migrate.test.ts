import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { GraphBackend, GraphTransaction } from '../../src/index.js'
import { exportGraph, InMemoryBackend, migrate, TursoBackend } from '../../src/index.js'
import { fixtureCopy, scratchFolder } from '../support/scratch.js'
import { everything, stores } from './export-samples.js'

async function textOf(backend: GraphBackend): Promise<string> {
  let text = ''
  for await (const chunk of exportGraph(backend)) text += chunk
  return text
}

function notes(count: number, prefix = 'n'): { id: string; type: string; title: string; content: string }[] {
  return Array.from({ length: count }, (_, at) => ({
    id: `${prefix}${at}`,
    type: 'general',
    title: `Title ${at}`,
    content: `content ${at}`,
  }))
}

function overriding<Real extends object>(real: Real, overrides: Partial<Real>): Real {
  return new Proxy(real, {
    get(target, name) {
      const member: unknown = Reflect.get(Object.hasOwn(overrides, name) ? overrides : target, name)
      return typeof member === 'function' ? member.bind(target) : member
    },
  })
}

/** A backend that in a transaction writes something else than it is given. */
function garbling(
  target: GraphBackend,
  overridesOf: (tx: GraphTransaction) => Partial<GraphTransaction>,
): GraphBackend {
  return overriding(target, {
    transaction: (work, options) =>
      target.transaction((tx) => work(overriding(tx, overridesOf(tx))), options),
  })
}

describe.each(stores)('migrate() into %s', (_name, create) => {
  it('copies all of 1,500 memories, what joins them and what they were', async () => {
    await using source = await TursoBackend.create({ path: ':memory:' })
    await using target = await create()
    await source.storeMemories(notes(1_500))
    await source.updateMemory({ id: 'n7', title: 'Changed' })
    await source.createRelationships(
      notes(1_400).map(({ id }, at) => ({
        from_memory_id: id,
        to_memory_id: `n${at + 1}`,
        type: 'FOLLOWS',
      })),
    )
    const report = await migrate(source, target)
    expect(report).toMatchObject({
      format: 'turso',
      nodes: { imported: 1_500 },
      relationships: { imported: 1_400 },
      refused: [],
    })
    expect(await textOf(target)).toBe(await textOf(source))
    expect(await migrate(source, target)).toMatchObject({
      nodes: { imported: 0, unchanged: 1_500 },
      relationships: { imported: 0, unchanged: 1_400 },
    })
  })

  it('leaves what the target had', async () => {
    await using source = await InMemoryBackend.create()
    await using target = await create()
    await source.storeMemories(notes(3))
    await target.storeMemories([
      ...notes(2, 'own'),
      ...notes(1).map((note) => ({ ...note, title: 'Newer here' })),
    ])
    const before = await target.getMemories(['own0', 'own1', 'n0'])
    expect(await migrate(source, target)).toMatchObject({ nodes: { imported: 2, kept: 1 } })
    expect(await target.getMemories(['own0', 'own1', 'n0'])).toEqual(before)
    expect((await target.getMemoryStatistics()).total_memories.count).toBe(5)
  })

  it('that fails half way leaves the target as it was', async () => {
    await using source = await InMemoryBackend.create()
    await using target = await create()
    await source.storeMemories(notes(600))
    await target.storeMemories(notes(2, 'own'))
    const before = await everything(target)
    const failing = overriding(source, {
      listRelationships: () => {
        throw new Error('the source is gone')
      },
    })
    await expect(migrate(failing, target)).rejects.toThrow('the source is gone')
    expect(await everything(target)).toEqual(before)
    const interrupt = new AbortController()
    const stopping = migrate(source, target, {
      signal: interrupt.signal,
      onProgress: ({ done }) => done >= 400 && interrupt.abort(),
    })
    await expect(stopping).rejects.toMatchObject({ code: 'MG_ABORTED' })
    expect(await everything(target)).toEqual(before)
  })

  it('copies nothing when something would be refused, unless that may stay behind', async () => {
    const path = join(scratchFolder(), 'memory.db')
    await using source = await TursoBackend.create({ path })
    await source.storeMemories(notes(3))
    await source.executeWriteQuery(
      `UPDATE nodes SET properties = json_set(properties, '$.title', ?) WHERE id = 'n1'`,
      ['x'.repeat(201)],
    )
    await using target = await create()
    await expect(migrate(source, target)).rejects.toMatchObject({
      code: 'MG_VALIDATION',
      message: expect.stringContaining('node "n1"'),
      details: { refused: [{ kind: 'node', id: 'n1' }] },
    })
    expect(await everything(target)).toEqual({ memories: [], relationships: [] })
    const report = await migrate(source, target, { skipRefused: true })
    expect(report).toMatchObject({ nodes: { imported: 2, refused: 1 } })
  })

  it('reads back what it wrote, and takes all of it back where that is something else', async () => {
    await using source = await InMemoryBackend.create()
    await using target = await create()
    await source.storeMemories(notes(3))
    await source.createRelationship('n0', 'n1', 'SOLVES', { strength: 0.9 })
    const otherText = garbling(target, (tx) => ({
      putNodes: (nodes) =>
        tx.putNodes(nodes.map((node) => ({ ...node, properties: { ...node.properties, content: 'other' } }))),
    }))
    await expect(migrate(source, otherText)).rejects.toMatchObject({
      name: 'BackendError',
      details: { kind: 'node', id: 'n0' },
    })
    const noRelationships = garbling(target, () => ({ createRelationships: async () => [] }))
    await expect(migrate(source, noRelationships)).rejects.toMatchObject({
      name: 'BackendError',
      details: { kind: 'relationship' },
    })
    expect(await everything(target)).toEqual({ memories: [], relationships: [] })
  })

  it('copies an empty graph, and nothing from or to a backend that is not connected', async () => {
    await using source = await InMemoryBackend.create()
    await using target = await create()
    expect(await migrate(source, target)).toMatchObject({ nodes: { imported: 0 }, refused: [] })
    await target.storeMemory({ id: 'own', type: 'general', title: 'Own', content: 'text' })
    const before = await everything(target)
    const unconnected = new InMemoryBackend()
    await expect(migrate(unconnected, target)).rejects.toMatchObject({ code: 'MG_NOT_CONNECTED' })
    await expect(migrate(target, unconnected)).rejects.toMatchObject({ code: 'MG_NOT_CONNECTED' })
    expect(await everything(target)).toEqual(before)
  })

  it('stamps what goes into a view, and finds it there the second time', async () => {
    await using source = await InMemoryBackend.create()
    await using target = await create()
    await source.storeMemories(notes(3))
    await source.putNodes([{ id: 'task', label: 'Task', properties: { done: true } }])
    const view = target.scoped({ tenantId: 'acme', visibility: 'team' })
    expect(await migrate(source, view)).toMatchObject({ nodes: { imported: 4 } })
    for (const onConflict of ['newer', 'replace', 'error'] as const)
      expect(await migrate(source, view, { onConflict })).toMatchObject({
        nodes: { unchanged: 4, replaced: 0 },
      })
    expect((await target.getMemory('n1'))?.context).toMatchObject({ tenant_id: 'acme', visibility: 'team' })
    const other = target.scoped({ tenantId: 'other' })
    await expect(migrate(source, other)).rejects.toMatchObject({ code: 'MG_VALIDATION' })
  })

  it('only reports in a dry run', async () => {
    await using source = await TursoBackend.create({ path: fixtureCopy('python-memory.db') })
    await using target = await create()
    const dry = await migrate(source, target, { dryRun: true })
    expect(dry).toMatchObject({ dry_run: true, nodes: { refused: 0 } })
    expect(dry.nodes.imported).toBeGreaterThan(100)
    expect(await everything(target)).toEqual({ memories: [], relationships: [] })
    expect(await migrate(source, target)).toEqual({ ...dry, dry_run: false })
  })

  it('refuses a target on the store of the source, and options that do not fit', async () => {
    await using backend = await create()
    const view = backend.scoped({ tenantId: 'acme' })
    for (const [from, to] of [
      [backend, backend],
      [backend, view],
      [view, backend],
    ] as const) {
      const refused = { code: 'MG_VALIDATION', message: expect.stringContaining('same store') }
      await expect(migrate(from, to)).rejects.toMatchObject(refused)
    }
    await using target = await InMemoryBackend.create()
    for (const options of [{ onConflict: 'never' }, { skipRefused: 1 }, { dryRun: 'yes' }, { unknown: 1 }])
      await expect(migrate(backend, target, options as never)).rejects.toMatchObject({
        code: 'MG_VALIDATION',
      })
  })
})
