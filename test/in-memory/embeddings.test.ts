import { describe, expect, it } from 'vitest'
import type { EmbeddingRow, GraphReader } from '../../src/backends/graph-driver.js'
import { InMemoryDriver } from '../../src/backends/in-memory/in-memory-driver.js'
import { memoryRow } from './rows.js'

function row(id: string, vector: readonly number[], more: Partial<EmbeddingRow> = {}): EmbeddingRow {
  return { id, model: 'm', vector: Float32Array.from(vector), version: null, digest: null, ...more }
}

async function driverWith(...ids: readonly string[]): Promise<InMemoryDriver> {
  const driver = new InMemoryDriver()
  await driver.write((writer) => writer.putNodes(ids.map((id) => memoryRow(id))))
  return driver
}

async function unembedded(reader: GraphReader, afterId: string | null = null, limit = 10): Promise<string[]> {
  const rows = await reader.findUnembedded({ model: 'm', within: [], afterId, limit })
  expect(await reader.countUnembedded('m', [])).toBeGreaterThanOrEqual(rows.length)
  return rows.map(({ id }) => id)
}

describe('the driver and embeddings', () => {
  it('says which memories have none of their present version', async () => {
    const driver = await driverWith('a', 'b', 'c', 'd')
    await driver.write(async (writer) => {
      await writer.putNodes([{ id: 'task', label: 'Task', properties: '{}' }])
      await writer.putNodes([memoryRow('c', { content: 'revised' })])
      await writer.putEmbeddings([
        row('a', [1], { version: 1 }),
        row('b', [1]),
        row('c', [1], { version: 1 }),
        row('d', [1], { version: 0 }),
      ])
    })
    expect(await unembedded(driver.reader)).toEqual(['c', 'd'])
    expect(await unembedded(driver.reader, 'c')).toEqual(['d'])
    expect(await unembedded(driver.reader, null, 1)).toEqual(['c'])
    expect(await driver.reader.countUnembedded('other', [])).toBe(4)
    await driver.write(async (writer) => {
      await writer.putEmbeddings([row('c', [1], { version: 2 })])
      await writer.putNodes([memoryRow('a', { content: 'revised' })])
    })
    expect(await unembedded(driver.reader)).toEqual(['a', 'd'])
  })

  it('counts and finds those inside a scope', async () => {
    const driver = await driverWith('a')
    await driver.write((writer) => writer.putNodes([memoryRow('b', { context_tenant_id: 'x' })]))
    const within = [{ property: 'context_tenant_id', value: 'x' }] as const
    expect(await driver.reader.countUnembedded('m', within)).toBe(1)
    const page = { model: 'm', within, afterId: null, limit: 10 }
    expect((await driver.reader.findUnembedded(page)).map(({ id }) => id)).toEqual(['b'])
    await driver.write((writer) => writer.putEmbeddings([row('a', [1, 0])]))
    expect(await driver.reader.getEmbeddingModels([])).toEqual([{ model: 'm', dimensions: 2 }])
    expect(await driver.reader.getEmbeddingModels(within)).toEqual([])
  })

  it('takes everything back when a write fails', async () => {
    const driver = await driverWith('a', 'b')
    await driver.write(async (writer) => {
      await writer.putEmbeddings([row('a', [1, 0]), row('b', [0, 1]), row('b', [1], { model: 'old' })])
      await writer.setRecallModel('old')
    })
    const state = async (): Promise<unknown> => [
      await driver.reader.getEmbeddings(['a', 'b'], null),
      await driver.reader.getEmbeddingModels([]),
      await driver.reader.getRecallModel(),
    ]
    const before = await state()
    const failing = driver.write(async (writer) => {
      await writer.putEmbeddings([row('a', [5, 5])])
      await writer.deleteNodes(['b'])
      await writer.dropEmbeddingModel('old')
      await writer.setRecallModel('m')
      expect(await writer.getRecallModel()).toBe('m')
      expect(await writer.getEmbeddings(['a', 'b'], null)).toEqual([row('a', [5, 5])])
      throw new Error('undone')
    })
    await expect(failing).rejects.toThrow('undone')
    expect(await state()).toEqual(before)
  })

  it('forgets a model as a whole', async () => {
    const driver = await driverWith('a', 'b')
    await driver.write((writer) =>
      writer.putEmbeddings([row('a', [1]), row('b', [1]), row('b', [1], { model: 'old' })]),
    )
    await driver.write((writer) => writer.dropEmbeddingModel('m'))
    expect(await driver.reader.getEmbeddingModels([])).toEqual([{ model: 'old', dimensions: 1 }])
  })
})
