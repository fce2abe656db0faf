import { expect, it } from 'vitest'
import {
  exportGraph,
  type GraphBackend,
  graphSource,
  InMemoryBackend,
  importGraph,
  TursoBackend,
} from '../../src/index.js'

const note = (id: string) => ({ id, type: 'general', title: `Note ${id}`, content: 'text' })

async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const list: Item[] = []
  for await (const item of items) list.push(item)
  return list
}

it('The audit log and the counts of uses of a backend hold what is done through its views', async () => {
  const options = { auditLog: { actor: 'ann' }, trackUsage: true }
  await using backend: GraphBackend = await TursoBackend.create({ path: ':memory:', ...options })
  for (const tenantId of ['a', 'b']) {
    const view = backend.scoped({ tenantId })
    await view.storeMemory(note(tenantId))
    await view.searchMemories({ query: 'note' })
    await view.transaction((tx) => tx.getMemory(tenantId))
  }
  const entries = await all(backend.auditEntries())
  const told = entries.map(({ actor, operation, ids }) => `${actor} ${operation} ${ids}`).sort()
  expect(told).toEqual([
    'ann getMemory a',
    'ann getMemory b',
    'ann searchMemories a',
    'ann searchMemories b',
    'ann storeMemory a',
    'ann storeMemory b',
  ])
  const counts = (await backend.getMemories(['a', 'b'])).map(({ usage_count }) => usage_count)
  expect(counts).toEqual([2, 2])
})

it('A view is exported without what is outside, and imported into a view of the same tenant alone', async () => {
  await using backend = await InMemoryBackend.create()
  const view = backend.scoped({ tenantId: 'a' })
  await view.storeMemories([note('a1'), note('a2')])
  await view.updateMemory({ id: 'a1', title: 'Second' })
  await backend.storeMemory(note('outside'))
  for (const to of ['a2', 'outside']) await backend.createRelationship('a1', to, 'RELATED_TO')
  const exported = (await all(exportGraph(view))).join('')
  expect(exported).not.toContain('outside')
  expect(exported.match(/RELATED_TO/g)).toHaveLength(1)

  await using other = await InMemoryBackend.create()
  const ofB = await importGraph(other.scoped({ tenantId: 'b' }), graphSource(view))
  expect(ofB.refused.length).toBeGreaterThan(0)
  expect(await all(other.listMemories())).toEqual([])
  const target = other.scoped({ tenantId: 'a' })
  expect((await importGraph(target, graphSource(view))).refused).toEqual([])
  expect((await all(exportGraph(target))).join('')).toBe(exported)
})
