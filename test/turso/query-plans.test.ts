import { describe, expect, it } from 'vitest'
import type { GraphLevel, GraphPage } from '../../src/backends/graph-driver.js'
import { NO_CRITERIA } from '../../src/backends/memory-search.js'
import {
  countGraph,
  selectFarIds,
  selectGraphEdgePage,
  selectGraphEdges,
  selectGraphNodes,
  selectReach,
} from '../../src/backends/turso/graph-statements.js'
import { Connection } from '../../src/backends/turso/local/connection.js'
import { countMemoriesByType, selectMemoryPage } from '../../src/backends/turso/memory-query.js'
import { selectNodePage } from '../../src/backends/turso/node-query.js'
import type { PackedQuery } from '../../src/backends/turso/packed-rows.js'
import {
  CREATE_CONTEXTS,
  CREATE_EMBEDDINGS,
  CREATE_GRAPH_TABLES,
  CREATE_OWN_TABLES,
  CREATE_SCOPE_INDEXES,
  CREATE_SESSION_INDEX,
  CREATE_SYMMETRIC_INDEXES,
  CREATE_TRIGGERS,
  CREATE_TRIGRAMS,
  CREATE_VERSIONS,
  CREATE_VOCABULARY,
} from '../../src/backends/turso/schema.js'
import type { Query, SqlValue } from '../../src/backends/turso/sql-source.js'
import {
  DELETE_RELATIONSHIP,
  SELECT_NODES,
  SELECT_RELATIONSHIPS,
  SELECT_VERSIONS,
  selectLinks,
  selectNeighbours,
  selectRelatedTitles,
  selectRelationshipHistory,
  selectRelationshipPage,
  selectStatisticsWithin,
  selectWithin,
} from '../../src/backends/turso/statements.js'
import {
  selectBest,
  vectorsOf,
  vectorsOfKeys,
} from '../../src/backends/turso/vectors/embedding-statements.js'
import { selectWords } from '../../src/backends/turso/word-query.js'
import { guessesFor, type WordGuesses } from '../../src/search/corrections.js'
import type { TextMatch } from '../../src/search/text-match.js'
import { NEAR } from './vectors/vector-driver.js'

async function planOf(sql: string, values: readonly SqlValue[] = []): Promise<string> {
  const connection = await Connection.open({ path: ':memory:', encryptionKey: undefined })
  connection.exec(
    CREATE_GRAPH_TABLES +
      CREATE_OWN_TABLES +
      CREATE_TRIGGERS +
      CREATE_VERSIONS +
      CREATE_CONTEXTS +
      CREATE_SCOPE_INDEXES +
      CREATE_EMBEDDINGS +
      CREATE_VOCABULARY +
      CREATE_TRIGRAMS +
      CREATE_SESSION_INDEX +
      CREATE_SYMMETRIC_INDEXES,
  )
  const plan = connection.all(`EXPLAIN QUERY PLAN ${sql}`, values).map((row) => row[3])
  connection.close()
  return plan.join('\n')
}

const tenant = [{ property: 'context_tenant_id', value: 'a' }] as const
const ofTenant = { ...NO_CRITERIA, within: tenant }
const near = { ...NEAR, vector: new Float32Array([1]) }
const page = { offset: 0, afterId: null, limit: 20 } as const
const text: TextMatch = { terms: [{ text: 'word', match: 'words' }], mode: 'any' }
const unspaced: TextMatch = {
  terms: [{ text: '索引', match: 'unspaced' }, { text: 'データ', match: 'unspaced' }, ...text.terms],
  mode: 'all',
}

/** What is asked for of a tenant. */
const scoped: readonly (readonly [string, Query])[] = [
  ['a search', selectMemoryPage({ ...page, criteria: ofTenant, order: 'rank' })],
  ['a search for words', selectMemoryPage({ ...page, criteria: { ...ofTenant, text }, order: 'rank' })],
  ['words with typing errors', selectWords([guessesFor('exponnetal') as WordGuesses], tenant)],
  [
    'a search of unspaced scripts',
    selectMemoryPage({ ...page, criteria: { ...ofTenant, text: unspaced }, order: 'rank' }),
  ],
  ['a list', selectMemoryPage({ ...page, criteria: ofTenant, order: 'id', afterId: 'a' })],
  ['a count', countMemoriesByType(ofTenant)],
  ...countGraph(tenant).map((query, at) => [`the size of the graph ${at}`, query] as const),
  ...selectStatisticsWithin(tenant).map((query, at) => [`statistics ${at}`, query] as const),
  [
    'nodes',
    selectNodePage({
      label: 'Task',
      where: [{ property: 'context_tenant_id', anyOf: ['a'] }],
      orderBy: null,
      limit: 20,
      after: null,
    }),
  ],
]

const ids = JSON.stringify(['a'])
const level: GraphLevel = { direction: 'both', types: [], currentOnly: true }
const ofTypes = { types: ['SOLVES'], currentOnly: false } as const
const part: GraphPage = { ids: null, after: null, limit: 10 }

/** A statement whose rows are packed, and what it binds. */
function packed({ packed: sql, values }: PackedQuery): [string, readonly SqlValue[]] {
  return [sql, values]
}

describe('query plans', () => {
  it.each([
    ['nodes by id', SELECT_NODES, [ids]],
    ['relationships by id', SELECT_RELATIONSHIPS, [ids]],
    ['a level of a walk', selectNeighbours('both', [], true), [ids]],
    ['a level of a walk over some types', selectNeighbours('both', ['SOLVES'], true), [ids, ids]],
    ['where a level of a walk leads', ...packed(selectFarIds(['a'], { ...level, direction: 'outgoing' }))],
    [
      'what lies within some steps',
      ...packed(selectReach(['a'], 3, [level, { ...level, types: ['SOLVES'] }], 100)),
    ],
    ['where a level leads in both directions', ...packed(selectFarIds(['a'], level))],
    ['where a level over some types leads', ...packed(selectFarIds(['a'], { ...level, types: ['SOLVES'] }))],
    ['what is within some steps', ...packed(selectReach(['a'], 3, [level], 10))],
    [
      'what is within steps of two ways',
      ...packed(selectReach(['a'], 3, [level, { ...level, ...ofTypes }], 10)),
    ],
    ['the relationships of a level', ...packed(selectGraphEdges(['a'], level))],
    ['those of some types, ended or not', ...packed(selectGraphEdges(['a'], { ...level, ...ofTypes }))],
    ['nodes of the graph by id', ...packed(selectGraphNodes({ ...part, ids: ['a'] }, []))],
    ['nodes of the graph of a tenant by id', ...packed(selectGraphNodes({ ...part, ids: ['a'] }, tenant))],
    ['relationships of the graph by id', ...packed(selectGraphEdgePage({ ...part, ids: ['a'] }))],
    ['what stands close to memories', selectLinks(false), [ids, 8, 250]],
    ['what stood close to them', selectLinks(true), [ids, 8, 250, '2026-01-01']],
    ['what stands close to them of a tenant', selectLinks(false, tenant), [ids, 8, 250, null, 'a']],
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

  it('of a level over types that hold in both directions read those alone', async () => {
    const plan = await planOf(selectNeighbours('incoming', ['RELATED_TO', 'SIMILAR_TO'], true), [ids, ids])
    expect(plan).toContain('mg_relationship_symmetric_to (to_id=?)')
  })

  it('a search without text walks the ranking index and sorts nothing', async () => {
    const { sql, values } = selectMemoryPage({ ...page, criteria: NO_CRITERIA, order: 'rank' })
    const plan = await planOf(sql, values)
    expect(plan).toContain('mg_memory_rank')
    expect(plan).not.toContain('TEMP B-TREE')
  })

  it('a page of the graph goes on where the one before ended, and sorts nothing', async () => {
    const nodes = await planOf(...packed(selectGraphNodes(part, [])))
    expect(nodes).toMatch(/SEARCH n USING INDEX \S+ \(id>\?\)/)
    const edges = await planOf(...packed(selectGraphEdgePage(part)))
    expect(edges).toContain('SEARCH r USING INTEGER PRIMARY KEY (rowid>?)')
    const ofTenant = await planOf(...packed(selectGraphNodes(part, tenant)))
    expect(ofTenant).toContain('USING INDEX mg_node_tenant (<expr>=? AND id>?)')
    for (const plan of [nodes, edges, ofTenant]) expect(plan).not.toContain('TEMP B-TREE')
  })

  it.each(scoped)('%s of a tenant finds its nodes by their index', async (_name, { sql, values }) => {
    expect(await planOf(sql, values)).toContain('USING INDEX mg_node_tenant')
  })

  it.each(['context_project_path', 'context_created_by'] as const)(
    'a search within a scope of %s finds its nodes by their index',
    async (property) => {
      const within = [{ property, value: 'a' }]
      const { sql, values } = countMemoriesByType({ ...NO_CRITERIA, within })
      expect(await planOf(sql, values)).toMatch(/USING INDEX mg_node_(project|creator)/)
    },
  )

  it('the next of a session within a tenant is looked up in the session', async () => {
    const plan = await planOf(selectLinks(false, tenant), [ids, 8, 250, null, 'a'])
    expect(plan).toContain('mg_node_session (<expr>=? AND <expr>>?)')
    expect(plan).toContain('mg_node_session (<expr>=? AND <expr><?)')
    expect(plan).not.toContain('mg_node_tenant (<expr>=?)')
  })

  it('which nodes are inside a scope is looked up by their ids', async () => {
    const { sql, values } = selectWithin(ids, tenant)
    const plan = await planOf(sql, values)
    expect(plan).not.toMatch(/SCAN n/)
    expect(plan).toContain('id=?')
  })

  it('deleting a relationship finds those that it invalidated by an index', async () => {
    const plan = await planOf('UPDATE relationships SET invalidated_by = NULL WHERE invalidated_by = ?', [
      'a',
    ])
    expect(plan).toContain('mg_relationship_invalidated_by')
    expect(await planOf(DELETE_RELATIONSHIP, ['a'])).toContain('SEARCH')
  })

  it.each([
    ['keys', vectorsOfKeys([1, 2])],
    ['a tenant', vectorsOf({ ...near, within: tenant })],
    ['criteria', vectorsOf({ ...near, criteria: { ...NO_CRITERIA, types: ['fix'], minImportance: 0.9 } })],
  ])('the vectors of %s are compared without going through the others', async (_name, vectors) => {
    const { sql, values } = selectBest(vectors, near, 50)
    const plan = await planOf(sql, values)
    expect(plan).not.toMatch(/SCAN (e|v|n)\b/)
    expect(plan).not.toContain('AUTOMATIC')
  })
})
