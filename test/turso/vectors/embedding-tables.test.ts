import { describe, expect, it } from 'vitest'
import { NO_CRITERIA } from '../../../src/backends/memory-search.js'
import { embeddings, findNear, idsOf, openDriver, putMemories } from './vector-driver.js'

describe('the tables of embeddings', () => {
  it('give back what was stored, of one model or of all', async () => {
    const driver = await openDriver({ path: ':memory:' })
    await putMemories(driver, ['a', 'b'])
    const other = { id: 'a', model: 'long', vector: new Float32Array(3).fill(0.1), version: 1, digest: 'd' }
    await driver.write((writer) =>
      writer.putEmbeddings([
        ...embeddings({ a: [1, 0], b: [0, 1] }),
        other,
        ...embeddings({ a: [0.5, -0.5] }),
      ]),
    )
    const all = await driver.reader.getEmbeddings(['b', 'a', 'none'], null)
    expect(all).toHaveLength(3)
    expect(all).toContainEqual(other)
    expect(await driver.reader.getEmbeddings(['a'], 'm')).toEqual(embeddings({ a: [0.5, -0.5] }))
    expect(await driver.reader.getEmbeddingModels([])).toEqual([
      { model: 'long', dimensions: 3 },
      { model: 'm', dimensions: 2 },
    ])
  })

  it('lose the embeddings of a node with it, and count what is left', async () => {
    const driver = await openDriver({ path: ':memory:' })
    await putMemories(driver, ['a', 'b', 'c'])
    await driver.write((writer) => writer.putEmbeddings(embeddings({ a: [1, 0], b: [1, 0], c: [0, 1] })))
    expect(await driver.write((writer) => writer.deleteNodes(['a']))).toBe(1)
    expect(idsOf(await findNear(driver, [1, 0]))).toEqual(['b', 'c'])
    await driver.query(`UPDATE nodes SET id = 'd' WHERE id = 'b'`, [], true)
    await putMemories(driver, ['a', 'b'])
    expect(idsOf(await findNear(driver, [1, 0]))).toEqual(['c'])
    expect(await driver.reader.getEmbeddingModels([])).toEqual([{ model: 'm', dimensions: 2 }])
    expect(await driver.query('SELECT count(*) AS n FROM mg_vector', [], false)).toEqual([{ n: 1 }])
    expect(await driver.write((writer) => writer.deleteEmbeddings(['a', 'c'], 'm'))).toBe(1)
    await driver.write((writer) => writer.putEmbeddings(embeddings({ a: [1, 2, 3] })))
    expect(await driver.reader.getEmbeddingModels([])).toEqual([{ model: 'm', dimensions: 3 }])
  })

  it('say which memories have no vector of their present text', async () => {
    const driver = await openDriver({ path: ':memory:' })
    await putMemories(driver, ['a', 'b', 'c', 'd'])
    await driver.write((writer) =>
      writer.putEmbeddings([
        ...embeddings({ a: [1] }),
        { id: 'b', model: 'm', vector: new Float32Array([1]), version: 1, digest: null },
        { id: 'c', model: 'm', vector: new Float32Array([1]), version: 2, digest: null },
      ]),
    )
    const page = { model: 'm', within: [], afterId: null, limit: 1 }
    expect(idsOf((await driver.reader.findUnembedded(page)) as never)).toEqual(['c'])
    expect(idsOf((await driver.reader.findUnembedded({ ...page, afterId: 'c' })) as never)).toEqual(['d'])
    expect(await driver.reader.countUnembedded('m', [])).toBe(2)
    expect(await driver.reader.countUnembedded('other', [])).toBe(4)
  })

  it('lose a model as a whole, and know the one of recalls', async () => {
    const driver = await openDriver({ path: ':memory:' })
    await putMemories(driver, ['a'])
    await driver.write(async (writer) => {
      await writer.putEmbeddings([...embeddings({ a: [1] }), ...embeddings({ a: [1, 1] }, 'old')])
      await writer.setRecallModel('m')
      await writer.dropEmbeddingModel('old')
    })
    expect(await driver.reader.getEmbeddingModels([])).toEqual([{ model: 'm', dimensions: 1 }])
    expect(await driver.reader.getRecallModel()).toBe('m')
    await driver.write((writer) => writer.setRecallModel(null))
    expect(await driver.reader.getRecallModel()).toBeNull()
  })
})

describe('an exact search', () => {
  it('looks only among what the label, the criteria and the scope leave', async () => {
    const driver = await openDriver({ path: ':memory:' })
    await putMemories(driver, ['fix-1', 'fix-2', 'idea-1'])
    const of = (tenant: string): string => JSON.stringify({ context_tenant_id: tenant })
    await driver.write(async (writer) => {
      await writer.putNodes([
        { id: 't1', label: 'Task', properties: of('x') },
        { id: 't2', label: 'Task', properties: of('y') },
      ])
      await writer.putEmbeddings(
        embeddings({ 'fix-1': [1, 0], 'fix-2': [1, 1], 'idea-1': [1, 0.1], t1: [1, 0], t2: [1, 0] }),
      )
    })
    const found = async (page: Parameters<typeof findNear>[2]): Promise<string[]> =>
      idsOf(await findNear(driver, [1, 0], page))
    expect(await found({})).toEqual(['fix-1', 'idea-1', 'fix-2'])
    expect(await found({ label: null, limit: 3 })).toEqual(['fix-1', 't1', 't2'])
    expect(await found({ criteria: { ...NO_CRITERIA, types: ['fix'] } })).toEqual(['fix-1', 'fix-2'])
    const within = [{ property: 'context_tenant_id', value: 'x' }] as const
    expect(await found({ label: null, within })).toEqual(['t1'])
    expect(await found({ within })).toEqual([])
    expect(await found({ criteria: { ...NO_CRITERIA, types: ['fix'] }, within })).toEqual([])
    expect(await found({ minScore: 0.9 })).toEqual(['fix-1', 'idea-1'])
  })
})
