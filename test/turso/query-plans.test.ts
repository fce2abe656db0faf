import { describe, expect, it } from 'vitest'
import { NO_CRITERIA } from '../../src/backends/memory-search.js'
import { Connection } from '../../src/backends/turso/local/connection.js'
import { selectMemoryPage } from '../../src/backends/turso/memory-query.js'
import {
  CREATE_CONTEXTS,
  CREATE_GRAPH_TABLES,
  CREATE_OWN_TABLES,
  CREATE_TRIGGERS,
  CREATE_VERSIONS,
} from '../../src/backends/turso/schema.js'
import type { SqlValue } from '../../src/backends/turso/sql-source.js'
import {
  DELETE_RELATIONSHIP,
  SELECT_NODES,
  SELECT_RELATIONSHIPS,
  SELECT_VERSIONS,
  selectNeighbours,
  selectRelatedTitles,
  selectRelationshipHistory,
  selectRelationshipPage,
} from '../../src/backends/turso/statements.js'

async function planOf(sql: string, values: readonly SqlValue[] = []): Promise<string> {
  const connection = await Connection.open({ path: ':memory:', encryptionKey: undefined })
  connection.exec(
    CREATE_GRAPH_TABLES + CREATE_OWN_TABLES + CREATE_TRIGGERS + CREATE_VERSIONS + CREATE_CONTEXTS,
  )
  const plan = connection.all(`EXPLAIN QUERY PLAN ${sql}`, values).map((row) => row[3])
  connection.close()
  return plan.join('\n')
}

const ids = JSON.stringify(['a'])

describe('query plans', () => {
  it.each([
    ['nodes by id', SELECT_NODES, [ids]],
    ['relationships by id', SELECT_RELATIONSHIPS, [ids]],
    ['a level of a walk', selectNeighbours('both', false, true), [ids]],
    ['a level of a walk over some types', selectNeighbours('both', true, true), [ids, ids]],
    ['titles of related memories', selectRelatedTitles(false), [ids, 20]],
    ['titles of an instant', selectRelatedTitles(true), [ids, 20, '2026-01-01']],
    ['the history of a node', selectRelationshipHistory(false), ['a', '[]', 10, 0]],
    ['earlier versions', SELECT_VERSIONS, ['a']],
    ['relationships that touch memories', selectRelationshipPage(false, true, true), ['[]', ids, '', 10]],
  ])(
    '%s: no table is scanned, and the index on all current relationships is not used',
    async (_name, sql, values) => {
      const plan = await planOf(sql, values)
      expect(plan).not.toMatch(/SCAN (n|r|m|e|nodes|relationships|mg_memory)\b(?! VIRTUAL)/)
      expect(plan).not.toContain('idx_relationships_current')
      expect(plan).not.toContain('AUTOMATIC')
    },
  )

  it('a search without text walks the ranking index and sorts nothing', async () => {
    const page = { criteria: NO_CRITERIA, order: 'rank', limit: 20, offset: 0, afterId: null } as const
    const { sql, values } = selectMemoryPage(page)
    const plan = await planOf(sql, values)
    expect(plan).toContain('mg_memory_rank')
    expect(plan).not.toContain('TEMP B-TREE')
  })

  it('deleting a relationship finds those that it invalidated by an index', async () => {
    const plan = await planOf('UPDATE relationships SET invalidated_by = NULL WHERE invalidated_by = ?', [
      'a',
    ])
    expect(plan).toContain('mg_relationship_invalidated_by')
    expect(await planOf(DELETE_RELATIONSHIP, ['a'])).toContain('SEARCH')
  })
})
