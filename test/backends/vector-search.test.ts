import { describe, expect, it } from 'vitest'
import { TursoBackend } from '../../src/index.js'

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
