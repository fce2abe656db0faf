import { describe, expect, it } from 'vitest'
import { NO_CRITERIA } from '../../../src/backends/memory-search.js'
import { bytesOf } from '../../../src/backends/turso/vectors/vector-bytes.js'
import { codesOf } from '../../../src/backends/turso/vectors/vector-code.js'
import { pythonSqliteVersion, runPython } from '../../support/python.js'
import { scratchFolder } from '../../support/scratch.js'
import { clusteredVectors } from './clustered-vectors.js'
import { embeddings, findNear, idsOf, openDriver, putMemories } from './vector-driver.js'

const COUNT = 3000
const vectors = clusteredVectors(COUNT)
const [first = new Float32Array()] = vectors
const idOf = (at: number): string => `${at % 10 === 0 ? 'fix' : 'idea'}-${String(at).padStart(5, '0')}`

async function filled(path = ':memory:') {
  const driver = await openDriver({ path, vectorStrategy: 'quantized' })
  const ids = vectors.map((_, at) => idOf(at))
  await putMemories(driver, ids)
  const all = embeddings(Object.fromEntries(vectors.map((vector, at) => [idOf(at), vector])))
  await driver.write((writer) => writer.putEmbeddings(all))
  return driver
}

describe('a quantised search', () => {
  it('finds nearly all of the nearest, and all of them with more effort', async () => {
    const driver = await filled()
    let found = 0
    for (let at = 0; at < 20; at++) {
      const vector = vectors[at * 7] as Float32Array
      const exact = await findNear(driver, vector, { exact: true })
      expect(await findNear(driver, vector, { effort: 100 })).toEqual(exact)
      const near = await findNear(driver, vector)
      for (const { id } of near) if (idsOf(exact).includes(id)) found++
      expect(near[0]).toEqual(exact[0])
    }
    expect(found / 200).toBeGreaterThanOrEqual(0.98)
  })

  it('gives as many as are asked for of what a filter, a label or a scope leaves', async () => {
    const driver = await filled()
    const criteria = { ...NO_CRITERIA, types: ['fix'] }
    const hits = await findNear(driver, first, { criteria, limit: 50 })
    expect(hits).toHaveLength(50)
    expect(hits).toEqual(await findNear(driver, first, { criteria, limit: 50, exact: true }))
    const tasks = Array.from({ length: 15 }, (_, at) => `task-${at}`)
    await driver.write(async (writer) => {
      const properties = JSON.stringify({ context_tenant_id: 'a' })
      await writer.putNodes(tasks.map((id) => ({ id, label: 'Task', properties })))
      const far = vectors[1] as Float32Array
      await writer.putEmbeddings(embeddings(Object.fromEntries(tasks.map((id) => [id, far]))))
    })
    const within = [{ property: 'context_tenant_id', value: 'a' }] as const
    const expected = [...tasks].sort().slice(0, 10)
    expect(idsOf(await findNear(driver, first, { label: 'Task' }))).toEqual(expected)
    expect(idsOf(await findNear(driver, first, { label: null, within }))).toEqual(expected)
    expect(await findNear(driver, first, { label: 'None' })).toEqual([])
    expect(await findNear(driver, first, { minScore: 0.9 })).toMatchObject([{ id: idOf(0) }])
  })

  it('has what was stored, replaced and deleted since the search before', async () => {
    const driver = await filled()
    const nearest = idsOf(await findNear(driver, first, { limit: 40 }))
    const [, ...others] = nearest
    await driver.write(async (writer) => {
      await writer.deleteNodes(others.slice(0, 20))
      const away = first.map((component) => -component)
      await writer.putEmbeddings(embeddings(Object.fromEntries(others.slice(20).map((id) => [id, away]))))
    })
    const hits = await findNear(driver, first, { effort: 4 })
    expect(hits).toEqual(await findNear(driver, first, { exact: true }))
    expect(hits).toHaveLength(10)
    expect(idsOf(hits).filter((id) => others.includes(id))).toEqual([])
    await driver.query(`DELETE FROM nodes WHERE id <> '${idOf(0)}'`, [], true)
    expect(idsOf(await findNear(driver, first))).toEqual([idOf(0)])
    await driver.query('DELETE FROM nodes', [], true)
    expect(await findNear(driver, first)).toEqual([])
    await putMemories(driver, ['fix-new'])
    expect(await findNear(driver, first)).toEqual([])
    await driver.write((writer) => writer.putEmbeddings(embeddings({ 'fix-new': first })))
    expect(idsOf(await findNear(driver, first))).toEqual(['fix-new'])
  })

  it('finds the one of two identical vectors that is not deleted', async () => {
    const driver = await filled()
    const twin = idOf(1)
    await driver.write((writer) => writer.putEmbeddings(embeddings({ [twin]: first })))
    expect(idsOf(await findNear(driver, first, { limit: 2 }))).toEqual([idOf(0), twin])
    await driver.write((writer) => writer.deleteNodes([idOf(0)]))
    expect(idsOf(await findNear(driver, first, { limit: 1 }))).toEqual([twin])
  })

  it('reads codes once for searches that run at the same time', async () => {
    const driver = await filled(`${scratchFolder()}/memory.db`)
    const together = await Promise.all(Array.from({ length: 5 }, () => findNear(driver, first)))
    for (const hits of together) expect(hits).toEqual(together[0])
  })

  it('takes what a model is made of anew for new, with other dimensions too', async () => {
    const driver = await filled()
    await findNear(driver, first)
    await driver.write(async (writer) => {
      await writer.dropEmbeddingModel('m')
      await writer.putEmbeddings(embeddings({ [idOf(3)]: [1, 0, 0] }))
    })
    expect(await findNear(driver, first)).toEqual([])
    expect(await findNear(driver, [1, 0, 0])).toEqual([{ id: idOf(3), score: 1 }])
  })

  it.each([0, -1, Number.NaN, 2 ** 31])('does not fall over a limit of %d', async (limit) => {
    const driver = await filled()
    const hits = await findNear(driver, first, { limit })
    expect(hits.length).toBe(limit > 0 ? COUNT : 0)
  })

  it.skipIf(pythonSqliteVersion === null)('has what Python writes, and not what it deletes', async () => {
    const path = `${scratchFolder()}/memory.db`
    const driver = await filled(path)
    const [best, second, third] = idsOf(await findNear(driver, first))
    const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
    runPython(
      path,
      `
db.execute("DELETE FROM nodes WHERE id = ?", ("${best}",))
db.execute("UPDATE nodes SET properties = properties || ' ' WHERE id = ?", ("${second}",))
db.execute("INSERT OR REPLACE INTO nodes (id, label, properties) SELECT id, label, properties FROM nodes WHERE id = ?", ("${third}",))
db.execute("INSERT INTO nodes (id, label, properties) VALUES ('python', 'Memory', '{}')")
key = db.execute("SELECT max(last) + 1 FROM mg_model").fetchone()[0]
db.execute("INSERT INTO mg_vector VALUES (?, ?)", (key, bytes.fromhex("${hex(bytesOf([first]))}")))
db.execute("INSERT INTO mg_embedding(key, id, model, code) SELECT ?, 'python', key, ? FROM mg_model", (key, bytes.fromhex("${hex(codesOf([first]))}")))
assert db.execute("PRAGMA integrity_check").fetchone()[0] == 'ok'`,
    )
    const found = idsOf(await findNear(driver, first))
    expect(found.slice(0, 2)).toEqual(['python', second])
    expect(found).not.toContain(best)
    expect(found).not.toContain(third)
    expect(found).toHaveLength(10)
  })
})
