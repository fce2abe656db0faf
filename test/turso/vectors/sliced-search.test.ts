import { expect, it } from 'vitest'
import type { VectorPage } from '../../../src/backends/graph-driver.js'
import { NO_CRITERIA } from '../../../src/backends/memory-search.js'
import type { LocalDriver } from '../../../src/backends/turso/local/local-driver.js'
import type { SqlSource } from '../../../src/backends/turso/sql-source.js'
import { ExactSearch, SlicedSearch } from '../../../src/backends/turso/vectors/exact-search.js'
import { clusteredVectors } from './clustered-vectors.js'
import { embeddings, NEAR, openDriver, putMemories } from './vector-driver.js'

const vectors = clusteredVectors(4_500)
const [first = new Float32Array()] = vectors
const ids = vectors.map((_, at) => `fix-${at}`)
const all = { ...NEAR, vector: first, exact: true }

async function filled(): Promise<LocalDriver> {
  const driver = await openDriver({ path: ':memory:', vectorStrategy: 'exact' })
  await putMemories(driver, ids)
  const rows = embeddings(Object.fromEntries(vectors.map((vector, at) => [`fix-${at}`, vector])))
  await driver.write((writer) => writer.putEmbeddings(rows))
  return driver
}

/** A source that does something after so many reads. */
function sourceThat(driver: LocalDriver, reads: number, act: () => Promise<void>): SqlSource {
  let done = 0
  return {
    read: async (queries) => {
      const rows = await driver.read(queries)
      if (++done === reads) await act()
      return rows
    },
  }
}

it.each<[string, VectorPage]>([
  ['all', all],
  ['what a filter leaves', { ...all, criteria: { ...NO_CRITERIA, types: ['fix'] } }],
])('a comparison of %s in slices is right, also when vectors change between them', async (_name, page) => {
  const driver = await filled()
  const whole = new ExactSearch(driver)
  let statements = 0
  const counted: SqlSource = {
    read: (queries) => {
      statements += queries.length
      return driver.read(queries)
    },
  }
  expect(await new SlicedSearch(counted).find(page)).toEqual(await whole.find(page))
  expect(statements).toBeGreaterThan(3)
  const away = first.map((component) => -component)
  const change = (): Promise<void> =>
    driver.write(async (writer) => {
      await writer.putEmbeddings(embeddings({ 'fix-0': away, 'fix-1': first, 'fix-4400': first }))
      await writer.deleteNodes(['fix-30'])
    })
  const hits = await new SlicedSearch(sourceThat(driver, 2, change)).find(page)
  expect(hits).toEqual(await whole.find(page))
  expect(hits.slice(0, 2)).toMatchObject([{ id: 'fix-1' }, { id: 'fix-4400' }])
})
