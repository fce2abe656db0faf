import { instantOf } from '../instant.js'
import {
  CONTEXT_OF,
  facetsOf,
  gramTextsOf,
  INDEX_MEMORIES,
  INDEX_TEXTS,
  isReadable,
  isUnspacedIn,
  textsOf,
} from '../schema.js'
import { type Query, query, type SqlValue } from '../sql-source.js'
import type { ProblemKind } from './integrity-report.js'

/** Goes through a table for one thing that may be wrong with its rows. */
export type Look = {
  readonly kind: ProblemKind
  /** Up to ?2 rows after ?1: where each stands, and what names it if something is wrong with it, else NULL. */
  readonly page: string
  /** Before the first row. */
  readonly start: SqlValue
  /** Those of our tables that it needs. */
  readonly tables: readonly string[]
  /** Puts right what is wrong with the rows that a JSON array names, as they are by then. Absent where nothing can. */
  readonly repair?: (names: string) => readonly Query[]
  /** Reads, as JSON, what that repair is about to delete and nothing else holds. */
  readonly lost?: string
}

function differs(derived: Readonly<Record<string, string>>, table: string): string {
  return Object.entries(derived)
    .map(([column, value]) => `${table}.${column} IS NOT ${value}`)
    .join(' OR ')
}

function named(wrong: string, name: string): string {
  return `CASE WHEN ${wrong} THEN ${name} END`
}

const AMONG = 'IN (SELECT value FROM json_each(?1))'
const NODE_PAGE = `WHERE n.label = 'Memory' AND n.id > ?1 ORDER BY n.id LIMIT ?2`
const RELATIONSHIP_PAGE = `WHERE r.id > ?1 ORDER BY r.id LIMIT ?2`
const HAS_NODE = (id: string): string => `EXISTS (SELECT 1 FROM nodes AS n WHERE n.id = ${id})`

/** Forgets what searches know of memories and learns it anew from their nodes. */
function relearn(ids: string): Query[] {
  return [
    query(`DELETE FROM mg_text WHERE rowid IN (SELECT key FROM mg_memory WHERE id ${AMONG})`, ids),
    query(`DELETE FROM mg_memory WHERE id ${AMONG}`, ids),
    query(INDEX_MEMORIES, ids),
    query(INDEX_TEXTS, ids, 0),
  ]
}

const IS_ORPHAN = `NOT ${HAS_NODE('r.from_id')} OR NOT ${HAS_NODE('r.to_id')}`
const DANGLES = `r.invalidated_by IS NOT NULL AND NOT EXISTS (SELECT 1 FROM relationships AS i WHERE i.id = r.invalidated_by)`
const STORED = [
  'id',
  'from_id',
  'to_id',
  'rel_type',
  'properties',
  'created_at',
  'valid_from',
  'valid_until',
  'recorded_at',
  'invalidated_by',
]

/** The time a property says is another than that of the column; one that is not there says nothing. */
function saysOther(column: string): string {
  const said = `json_extract(r.properties, '$.${column}')`
  return `json_type(r.properties, '$.${column}') IS NOT NULL AND coalesce(${instantOf(said)}, ${said}) IS NOT coalesce(${instantOf(`r.${column}`)}, r.${column})`
}
const SAYS_OTHER_TIMES = `CASE WHEN json_valid(r.properties) THEN ${[
  'valid_from',
  'valid_until',
  'recorded_at',
]
  .map(saysOther)
  .join(' OR ')} ELSE 0 END`

const EMBEDDING_TABLES = ['mg_model', 'mg_embedding', 'mg_vector']
const IS_NO_EMBEDDING = `(NOT ${HAS_NODE('e.id')} OR NOT EXISTS (
  SELECT 1 FROM mg_vector AS v CROSS JOIN mg_model AS o ON o.key = e.model
  WHERE v.key = e.key AND length(v.vector) = o.dimensions * 4))`
const IS_NO_ONES = 'NOT EXISTS (SELECT 1 FROM mg_embedding AS e WHERE e.key = v.key)'
const EMBEDDINGS_OF = '(SELECT count(*) FROM mg_embedding AS e WHERE e.model = o.key)'
const LAST_OF = '(SELECT coalesce(max(e.key), 0) FROM mg_embedding AS e WHERE e.model = o.key)'

/** Everything that is looked for in rows, in the order in which it is put right: nothing is in the way of what comes later. */
export const LOOKS: readonly Look[] = [
  {
    kind: 'unreadable',
    page: `SELECT n.id, ${named(`NOT (${isReadable('n')})`, 'n.id')} FROM nodes AS n ${NODE_PAGE}`,
    start: '',
    tables: [],
  },
  {
    kind: 'search-text',
    page: `SELECT t.rowid, ${named('m.key IS NULL', 't.rowid')} FROM mg_text AS t
      LEFT JOIN mg_memory AS m ON m.key = t.rowid WHERE t.rowid > ?1 ORDER BY t.rowid LIMIT ?2`,
    start: 0n,
    tables: ['mg_text', 'mg_memory'],
    repair: (keys) => [
      query(`DELETE FROM mg_text WHERE rowid ${AMONG} AND rowid NOT IN (SELECT key FROM mg_memory)`, keys),
    ],
  },
  {
    kind: 'search-facets',
    page: `SELECT m.key, ${named(`n.label IS NOT 'Memory'`, 'm.id')} FROM mg_memory AS m
      LEFT JOIN nodes AS n ON n.id = m.id WHERE m.key > ?1 ORDER BY m.key LIMIT ?2`,
    start: 0n,
    tables: ['mg_text', 'mg_memory'],
    repair: relearn,
  },
  {
    kind: 'search-facets',
    page: `SELECT n.id, ${named(
      `CASE WHEN ${isReadable('n')} THEN m.key IS NULL OR ${differs(facetsOf('n'), 'm')} ELSE m.key IS NOT NULL END`,
      'n.id',
    )} FROM nodes AS n LEFT JOIN mg_memory AS m ON m.id = n.id ${NODE_PAGE}`,
    start: '',
    tables: ['mg_text', 'mg_memory'],
    repair: relearn,
  },
  {
    kind: 'search-text',
    page: `SELECT n.id, ${named(
      `m.key IS NOT NULL AND CASE WHEN ${isReadable('n')} THEN t.rowid IS NULL OR ${differs(textsOf('n'), 't')} END`,
      'n.id',
    )} FROM nodes AS n LEFT JOIN mg_memory AS m ON m.id = n.id LEFT JOIN mg_text AS t ON t.rowid = m.key ${NODE_PAGE}`,
    start: '',
    tables: ['mg_text', 'mg_memory'],
    repair: relearn,
  },
  {
    kind: 'search-text',
    page: `SELECT t.rowid, ${named('m.key IS NULL', 't.rowid')} FROM mg_trigram AS t
      LEFT JOIN mg_memory AS m ON m.key = t.rowid WHERE t.rowid > ?1 ORDER BY t.rowid LIMIT ?2`,
    start: 0n,
    tables: ['mg_trigram', 'mg_memory'],
    repair: (keys) => [
      query(`DELETE FROM mg_trigram WHERE rowid ${AMONG} AND rowid NOT IN (SELECT key FROM mg_memory)`, keys),
    ],
  },
  {
    kind: 'search-text',
    page: `SELECT n.id, ${named(
      `m.key IS NOT NULL AND CASE WHEN NOT (${isReadable('n')}) THEN 0 WHEN ${isUnspacedIn('n')}
        THEN t.rowid IS NULL OR ${differs(gramTextsOf('n'), 't')} ELSE t.rowid IS NOT NULL END`,
      'n.id',
    )} FROM nodes AS n LEFT JOIN mg_memory AS m ON m.id = n.id LEFT JOIN mg_trigram AS t ON t.rowid = m.key ${NODE_PAGE}`,
    start: '',
    tables: ['mg_trigram', 'mg_text', 'mg_memory'],
    repair: relearn,
  },
  {
    kind: 'orphaned-relationship',
    page: `SELECT r.id, ${named(IS_ORPHAN, 'r.id')} FROM relationships AS r ${RELATIONSHIP_PAGE}`,
    start: '',
    tables: [],
    lost: `SELECT json_object(${STORED.map((column) => `'${column}', CAST(r.${column} AS TEXT)`).join(', ')})
      FROM relationships AS r WHERE r.id ${AMONG} AND (${IS_ORPHAN})`,
    repair: (ids) => [query(`DELETE FROM relationships AS r WHERE r.id ${AMONG} AND (${IS_ORPHAN})`, ids)],
  },
  {
    kind: 'dangling-invalidator',
    page: `SELECT r.id, ${named(DANGLES, 'r.id')} FROM relationships AS r ${RELATIONSHIP_PAGE}`,
    start: '',
    tables: [],
    repair: (ids) => [
      query(`UPDATE relationships AS r SET invalidated_by = NULL WHERE r.id ${AMONG} AND ${DANGLES}`, ids),
    ],
  },
  {
    kind: 'context',
    page: `SELECT c.id, ${named('r.id IS NULL', 'c.id')} FROM mg_context AS c
      LEFT JOIN relationships AS r ON r.id = c.id WHERE c.id > ?1 ORDER BY c.id LIMIT ?2`,
    start: '',
    tables: ['mg_context'],
    repair: relearnContexts,
  },
  {
    kind: 'context',
    page: `SELECT r.id, ${named(`c.context IS NOT ${CONTEXT_OF('r')}`, 'r.id')} FROM relationships AS r
      LEFT JOIN mg_context AS c ON c.id = r.id ${RELATIONSHIP_PAGE}`,
    start: '',
    tables: ['mg_context'],
    repair: relearnContexts,
  },
  {
    kind: 'versions',
    page: `SELECT v.id, ${named(
      `NOT ${HAS_NODE('v.id')} OR v.version <= (SELECT max(version) FROM mg_version WHERE id = v.id)`,
      'v.id',
    )} FROM mg_revision AS v WHERE v.id > ?1 ORDER BY v.id LIMIT ?2`,
    start: '',
    tables: ['mg_revision', 'mg_version'],
    repair: recountVersions,
  },
  {
    kind: 'versions',
    page: `SELECT v.id, ${named(
      `NOT ${HAS_NODE('v.id')} OR NOT EXISTS (SELECT 1 FROM mg_revision AS c WHERE c.id = v.id)`,
      'v.id',
    )} FROM (SELECT DISTINCT id FROM mg_version WHERE id > ?1 ORDER BY id LIMIT ?2) AS v`,
    start: '',
    tables: ['mg_revision', 'mg_version'],
    repair: recountVersions,
  },
  {
    kind: 'embeddings',
    page: `SELECT e.key, ${named(IS_NO_EMBEDDING, 'e.id')} FROM mg_embedding AS e WHERE e.key > ?1 ORDER BY e.key LIMIT ?2`,
    start: 0n,
    tables: EMBEDDING_TABLES,
    repair: (ids) => [query(`DELETE FROM mg_embedding AS e WHERE e.id ${AMONG} AND ${IS_NO_EMBEDDING}`, ids)],
  },
  {
    kind: 'embeddings',
    page: `SELECT v.key, ${named(IS_NO_ONES, `'vector ' || v.key`)} FROM mg_vector AS v WHERE v.key > ?1 ORDER BY v.key LIMIT ?2`,
    start: 0n,
    tables: EMBEDDING_TABLES,
    repair: (names) => [
      query(
        `DELETE FROM mg_vector AS v WHERE v.key IN (SELECT CAST(substr(value, 8) AS INTEGER) FROM json_each(?1)) AND ${IS_NO_ONES}`,
        names,
      ),
    ],
  },
  {
    kind: 'embeddings',
    page: `SELECT o.key, ${named(
      `o.count <> ${EMBEDDINGS_OF} OR o.last < ${LAST_OF}`,
      'o.name',
    )} FROM mg_model AS o WHERE o.key > ?1 ORDER BY o.key LIMIT ?2`,
    start: 0n,
    tables: EMBEDDING_TABLES,
    repair: (names) => [
      query(
        `UPDATE mg_model AS o SET count = ${EMBEDDINGS_OF}, last = max(o.last, ${LAST_OF}) WHERE o.name ${AMONG}`,
        names,
      ),
    ],
  },
  {
    kind: 'temporal',
    page: `SELECT r.id, ${named(SAYS_OTHER_TIMES, 'r.id')} FROM relationships AS r ${RELATIONSHIP_PAGE}`,
    start: '',
    tables: [],
  },
]

function relearnContexts(ids: string): Query[] {
  return [
    query(`DELETE FROM mg_context WHERE id ${AMONG}`, ids),
    query(
      `INSERT INTO mg_context(id, context) SELECT r.id, ${CONTEXT_OF('r')} FROM relationships AS r
      WHERE r.id ${AMONG} AND ${CONTEXT_OF('r')} IS NOT NULL`,
      ids,
    ),
  ]
}

function recountVersions(ids: string): Query[] {
  const gone = `id ${AMONG} AND id NOT IN (SELECT id FROM nodes WHERE id ${AMONG})`
  return [
    query(`DELETE FROM mg_version WHERE ${gone}`, ids),
    query(`DELETE FROM mg_revision WHERE ${gone}`, ids),
    query(
      `INSERT INTO mg_revision(id, version) SELECT id, max(version) + 1 FROM mg_version WHERE id ${AMONG} GROUP BY id
      ON CONFLICT(id) DO UPDATE SET version = excluded.version WHERE excluded.version > version`,
      ids,
    ),
  ]
}
