import { describe, expect, it } from 'vitest'
import { NO_CRITERIA } from '../../../src/backends/memory-search.js'
import type { LocalDriver } from '../../../src/backends/turso/local/local-driver.js'
import { TursoBackend } from '../../../src/backends/turso/turso-backend.js'
import { ConfigurationError } from '../../../src/errors.js'
import { pythonSqliteVersion, runPython } from '../../support/python.js'
import { scratchFolder } from '../../support/scratch.js'
import { clusteredVectors } from './clustered-vectors.js'
import { embeddings, findNear, idsOf, openDriver, putMemories } from './vector-driver.js'

const COUNT = 1_060
const vectors = clusteredVectors(COUNT).map((vector) => vector.slice(0, 8))
const [first = new Float32Array()] = vectors
const idOf = (at: number): string => `fix-${String(at).padStart(4, '0')}`

async function filled(path = ':memory:'): Promise<LocalDriver> {
  const driver = await openDriver({ path, vectorStrategy: 'diskann' })
  await putMemories(
    driver,
    vectors.map((_, at) => idOf(at)),
  )
  const all = embeddings(Object.fromEntries(vectors.map((vector, at) => [idOf(at), vector])))
  await driver.write((writer) => writer.putEmbeddings(all))
  return driver
}

async function countOf(driver: LocalDriver, table: string): Promise<unknown> {
  const [row] = await driver.query(`SELECT count(*) AS n FROM ${table}`, [], false)
  return row?.['n']
}

describe('a search by DiskANN', () => {
  it('finds what comparing all finds, and what was stored, replaced and deleted since', async () => {
    const driver = await filled()
    expect(await countOf(driver, 'mg_ann_1')).toBe(COUNT)
    expect(await findNear(driver, first)).toEqual(await findNear(driver, first, { exact: true }))
    const [best = '', second = ''] = idsOf(await findNear(driver, first))
    await driver.write((writer) => writer.deleteNodes([best]))
    const away = first.map((component) => -component)
    await driver.write((writer) => writer.putEmbeddings(embeddings({ [second]: away })))
    const hits = await findNear(driver, first)
    expect(idsOf(hits)).not.toContain(best)
    expect(idsOf(hits)).not.toContain(second)
    expect(hits).toEqual(await findNear(driver, first, { exact: true }))
    expect(idsOf(await findNear(driver, away, { limit: 1 }))).toEqual([second])
    expect(await countOf(driver, 'mg_ann_1')).toBe(COUNT - 1)
  })

  it('finds all of many identical vectors and those behind them, and the others when some are deleted', async () => {
    const driver = await filled()
    const twins = Array.from({ length: 60 }, (_, at) => idOf(at))
    await driver.write((writer) =>
      writer.putEmbeddings(embeddings(Object.fromEntries(twins.map((id) => [id, first])))),
    )
    expect(await countOf(driver, 'mg_ann_1')).toBe(COUNT - 59)
    expect(idsOf(await findNear(driver, first, { limit: 60 }))).toEqual(twins)
    expect(await findNear(driver, first, { limit: 100 })).toHaveLength(100)
    await driver.write((writer) => writer.deleteNodes(twins.slice(0, 59)))
    expect(idsOf(await findNear(driver, first, { limit: 1 }))).toEqual([idOf(59)])
  })

  it('finds the nearest of the few that are left when most are deleted', async () => {
    const driver = await filled()
    const most = vectors.map((_, at) => idOf(at)).filter((_, at) => at % 60 !== 0)
    await driver.write((writer) => writer.deleteNodes(most))
    for (const vector of vectors.slice(0, 30)) {
      const nearest = await findNear(driver, vector, { limit: 1, exact: true })
      expect(await findNear(driver, vector, { limit: 1 })).toEqual(nearest)
    }
  })

  it('works on after everything is deleted, also with one statement', async () => {
    const driver = await filled()
    await driver.query('DELETE FROM nodes', [], true)
    expect(await findNear(driver, first)).toEqual([])
    await putMemories(driver, ['fix-a', 'fix-b'])
    await driver.write((writer) => writer.putEmbeddings(embeddings({ 'fix-a': first })))
    await driver.query('DELETE FROM mg_ann_1', [], true)
    await driver.write((writer) => writer.putEmbeddings(embeddings({ 'fix-b': first })))
    expect(idsOf(await findNear(driver, first))).toEqual(['fix-a', 'fix-b'])
  })

  it('leaves filters and more hits than it has to a comparison of all', async () => {
    const driver = await filled()
    const criteria = { ...NO_CRITERIA, types: ['idea'] }
    expect(await findNear(driver, first, { criteria })).toEqual([])
    expect(await findNear(driver, first, { limit: 2_000 })).toHaveLength(COUNT)
  })

  it.each([0, -1, Number.NaN, 2 ** 31])('does not end the process over a limit of %d', async (limit) => {
    const driver = await filled()
    expect(await findNear(driver, first, { limit })).toHaveLength(limit > 0 ? COUNT : 0)
  })

  it.skipIf(pythonSqliteVersion === null)('stays right when Python writes the file', async () => {
    const path = `${scratchFolder()}/memory.db`
    const driver = await filled(path)
    const [best, second] = idsOf(await findNear(driver, first))
    runPython(
      path,
      `
db.execute("DELETE FROM nodes WHERE id = '${best}'")
db.execute("INSERT OR REPLACE INTO nodes (id, label, properties) SELECT id, label, properties FROM nodes WHERE id = '${second}'")`,
    )
    const found = idsOf(await findNear(driver, first))
    expect(found).toHaveLength(10)
    expect(found).not.toContain(best)
    expect(found).not.toContain(second)
  })

  it('is made anew with other options, and gone with another strategy', async () => {
    const path = `${scratchFolder()}/memory.db`
    const driver = await filled(path)
    const hits = await findNear(driver, first)
    await driver.disconnect()
    const diskann = { maxNeighbors: 8, compressNeighbors: 'none' } as const
    const other = await openDriver({ path, vectorStrategy: 'diskann', diskann })
    expect(await findNear(other, first)).toEqual(hits)
    expect(await other.query('SELECT made FROM mg_ann', [], false)).toEqual([
      { made: '{"maxNeighbors":8,"compressNeighbors":"none"}' },
    ])
    await other.disconnect()
    const plain = await openDriver({ path })
    expect(await findNear(plain, first)).toEqual(hits)
    const left = await plain.query(
      `SELECT name FROM sqlite_master WHERE name GLOB '*ann*' OR name GLOB 'libsql*'`,
      [],
      false,
    )
    expect(left).toEqual([])
  })
})

describe('the strategies', () => {
  it.each([
    [{ vectorStrategy: 'fast' }, /one of auto, exact, quantized, diskann/],
    [{ vectorStrategy: 'diskann', diskann: { maxNeighbors: 1 } }, /diskann: must be/],
    [{ diskann: {} }, /for the vectorStrategy "diskann"/],
    [{ vectorStrategy: 'diskann', url: 'libsql://a.example', path: 'x' }, /not work in the mode "replica"/],
    [{ vectorStrategy: 'quantized', url: 'libsql://a.example' }, /choose "auto" or "exact"/],
  ])('%j is refused', (options, message) => {
    const make = (): unknown => new TursoBackend(options as never)
    expect(make).toThrow(ConfigurationError)
    expect(make).toThrow(message)
  })
})
