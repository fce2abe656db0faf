import { describe, expect, it, vi } from 'vitest'
import { InMemoryDriver } from '../../src/backends/in-memory/in-memory-driver.js'
import { DriverBackend, TursoBackend } from '../../src/index.js'

describe('searchByVector()', () => {
  it('leaves out what another program broke, and still finds k', async () => {
    await using graph = await TursoBackend.create({ path: ':memory:' })
    const ids = ['a', 'b', 'c', 'd', 'e']
    await graph.storeMemories(ids.map((id) => ({ id, type: 'general', title: id, content: id })))
    await graph.putNodes([{ id: 'task', label: 'Task', properties: {} }])
    await graph.setEmbeddings([...ids, 'task'].map((id, at) => ({ id, model: 'm', vector: [10, at] })))
    await graph.executeWriteQuery(`UPDATE nodes SET properties = '[]' WHERE id IN ('a', 'b', 'task')`)
    const found = async (k: number, label?: null): Promise<string[]> =>
      (await graph.searchByVector([1, 0], { k, filter: { label } })).map(({ id }) => id)
    expect(await found(1)).toEqual(['c'])
    expect(await found(3)).toEqual(['c', 'd', 'e'])
    expect(await found(4, null)).toEqual(['c', 'd', 'e'])
  })
})

describe('hybridSearch() and recallMemories()', () => {
  it('give a store criteria for a vector only where there are filters, so that it can ask its index', async () => {
    const driver = new InMemoryDriver()
    const embedder = {
      model: 'm',
      dimensions: 2,
      embed: async (texts: readonly string[]) => texts.map(() => [1, 0]),
    }
    await using backend = new DriverBackend(driver, { name: 'memory', type: 'memory', embedder })
    await backend.connect()
    await backend.initializeSchema()
    await backend.storeMemory({ id: 'a', type: 'general', title: 'A', content: 'zebra' })
    await backend.embedPending()
    const asked = vi.spyOn(driver.reader, 'findByVector')
    await backend.hybridSearch({ vector: [1, 0] })
    await backend.recallMemories('zebra')
    await backend.hybridSearch({ vector: [1, 0], filter: { tags: ['x'] } })
    await backend.recallMemories('zebra', { memoryTypes: ['fix'] })
    expect(asked.mock.calls.map(([{ criteria }]) => criteria && [criteria.tags, criteria.types])).toEqual([
      null,
      null,
      [['x'], []],
      [[], ['fix']],
    ])
  })
})
