import type { Scope } from '../../../model/scope.js'
import type { MemoryCriteria, UnembeddedPage, VectorPage } from '../../graph-driver.js'
import { selectMemoryIds } from '../memory-query.js'
import { isIdWithin, isWithin } from '../scope-condition.js'
import { type Query, query, type SqlValue } from '../sql-source.js'
import { SELECTED_NODE } from '../statements.js'
import { bytesOf, COMPONENT_BYTES } from './vector-bytes.js'

/** The key of the model of a name. */
const MODEL_KEY = '(SELECT key FROM mg_model WHERE name = ?)'

/** A model that nothing is left of takes vectors of another length. */
export const PUT_MODEL: string = `
INSERT INTO mg_model(name, dimensions) VALUES (?, ?) ON CONFLICT(name) DO UPDATE SET dimensions = excluded.dimensions
WHERE dimensions IS NOT excluded.dimensions AND count = 0`
/** Takes away the embeddings of ?2 of the nodes at ?1, a JSON array of [id, …]. */
export const DELETE_REPLACED: string = `
DELETE FROM mg_embedding WHERE key IN (
  SELECT e.key FROM json_each(?1) AS new CROSS JOIN mg_embedding AS e ON e.id = new.value ->> 0
  WHERE e.model = (SELECT key FROM mg_model WHERE name = ?2))`
const NEXT_KEY = '(SELECT max(last) FROM mg_model) + key + 1'
/** Adds vectors: ?2, one for each item of the JSON array ?1, of ?3 bytes each. Before what says whose they are, which moves the keys on. */
export const INSERT_VECTORS: string = `
INSERT OR REPLACE INTO mg_vector(key, vector) SELECT ${NEXT_KEY}, substr(?2, key * ?3 + 1, ?3) FROM json_each(?1)`
/**
 * Says whose they are: ?1 is a JSON array of [id, version, digest], ?3 the codes of ?4 bytes each, of the model ?2. Vectors that do not
 * have ?5 components, as the model's others, have no model, which the table refuses.
 */
export const INSERT_EMBEDDINGS: string = `
INSERT INTO mg_embedding(key, id, model, version, digest, code)
SELECT ${NEXT_KEY}, value ->> 0, (SELECT key FROM mg_model WHERE name = ?2 AND dimensions = ?5),
  value ->> 1, value ->> 2, substr(?3, key * ?4 + 1, ?4)
FROM json_each(?1)`

/** Takes away embeddings of the nodes ?1: of the model ?2, or of all. */
export const DELETE_EMBEDDINGS: string = `
DELETE FROM mg_embedding WHERE key IN (
  SELECT e.key FROM json_each(?1) AS wanted CROSS JOIN mg_embedding AS e ON e.id = wanted.value
  WHERE ?2 IS NULL OR e.model = (SELECT key FROM mg_model WHERE name = ?2))`
/** Takes away the first ?2 embeddings of the model ?1. */
export const DELETE_SOME_OF_MODEL: string = `
DELETE FROM mg_embedding WHERE key IN (SELECT key FROM mg_embedding WHERE model = ${MODEL_KEY} ORDER BY key LIMIT ?)`

/** Embeddings of the nodes ?1: of the model ?2, or of all. */
export const SELECT_EMBEDDINGS: string = `
SELECT e.id, o.name, v.vector, e.version, e.digest
FROM json_each(?1) AS wanted CROSS JOIN mg_embedding AS e ON e.id = wanted.value
CROSS JOIN mg_model AS o ON o.key = e.model CROSS JOIN mg_vector AS v ON v.key = e.key
WHERE (?2 IS NULL OR o.name = ?2) AND length(v.vector) = o.dimensions * ${COMPONENT_BYTES}
  AND EXISTS (SELECT 1 FROM nodes AS n WHERE n.id = e.id)`

/** The models that nodes inside a scope have embeddings of. */
export function selectModels(within: Scope): Query {
  const inside = isWithin(within, 'inside.')
  const isKnown = `EXISTS (SELECT 1 FROM nodes AS inside CROSS JOIN mg_embedding AS e ON e.id = inside.id AND e.model = o.key WHERE ${inside.sql})`
  return query(
    `SELECT name, dimensions FROM mg_model AS o WHERE count > 0${within.length === 0 ? '' : ` AND ${isKnown}`} ORDER BY name`,
    ...inside.values,
  )
}

/** Memories `m` without a current embedding of a model. */
const UNEMBEDDED = `mg_memory AS m LEFT JOIN mg_embedding AS e ON e.id = m.id AND e.model = ${MODEL_KEY}
WHERE (e.key IS NULL OR e.version <> coalesce((SELECT version FROM mg_revision AS r WHERE r.id = m.id), 1))`

/** How many there are inside a scope. */
export function countUnembedded(model: string, within: Scope): Query {
  const inside = unembeddedWithin(within)
  return query(`SELECT count(*) FROM ${inside.sql}`, model, ...inside.values)
}

function unembeddedWithin(within: Scope): Query {
  if (within.length === 0) return query(UNEMBEDDED)
  const inside = isIdWithin(within, 'm.id')
  return query(`${UNEMBEDDED} AND ${inside.sql}`, ...inside.values)
}

/** The nodes of a page of memories without a current embedding, by id. */
export function selectUnembedded({ model, within, afterId, limit }: UnembeddedPage): Query {
  const inside = unembeddedWithin(within)
  return query(
    `SELECT ${SELECTED_NODE}
FROM (SELECT m.id AS id FROM ${inside.sql} AND m.id > ? ORDER BY m.id LIMIT ?) AS page CROSS JOIN nodes AS n ON n.id = page.id`,
    model,
    ...inside.values,
    afterId ?? '',
    limit,
  )
}

/**
 * The greatest key of the vectors `v`, and how many there are, and then the best, each with its key, its node and the cosine of its angle with the one that is looked for. Of the
 * `looked` best it is looked whether they are of a node that is asked for, so that the others' nodes need not be read; what is as good
 * as the last of those is looked at too, since ids decide then. What has another length is no vector, and has no cosine.
 */
export function selectBest(vectors: Query, { vector, label, limit }: VectorPage, looked: number): Query {
  const isVector = `length(v.vector) = ${vector.length * COMPONENT_BYTES}`
  return query(
    `WITH scored AS MATERIALIZED (
  SELECT v.key AS key, CASE WHEN ${isVector} THEN 1 - vector_distance_cos(v.vector, ?) END AS score FROM ${vectors.sql})
SELECT max(key), NULL, count(*) FROM scored
UNION ALL SELECT * FROM (
  SELECT s.key, e.id, s.score FROM scored AS s CROSS JOIN mg_embedding AS e ON e.key = s.key
  WHERE s.score >= (SELECT min(score) FROM (SELECT score FROM scored WHERE score IS NOT NULL ORDER BY score DESC LIMIT ?))
    AND EXISTS (SELECT 1 FROM nodes AS n WHERE n.id = e.id${label === null ? '' : ' AND n.label = ?'})
  ORDER BY s.score DESC, e.id LIMIT ?)`,
    bytesOf([vector]),
    ...vectors.values,
    BigInt(looked),
    ...(label === null ? [] : [label]),
    limit,
  )
}

/** The vectors with these keys. */
export function vectorsOfKeys(keys: readonly number[]): Query {
  const sql = 'json_each(?) AS wanted CROSS JOIN mg_vector AS v ON v.key = wanted.value'
  return query(sql, JSON.stringify(keys))
}

/** The first so many vectors of a page's model after a key; one that is missing counts as well. */
export function allVectorsAfter({ model }: VectorPage, after: number, count: number): Query {
  return query(
    `(SELECT e.key AS key, x.vector AS vector FROM mg_embedding AS e LEFT JOIN mg_vector AS x ON x.key = e.key
    WHERE e.key > ? AND e.model = ${MODEL_KEY} ORDER BY e.key LIMIT ?) AS v`,
    BigInt(after),
    model,
    BigInt(count),
  )
}

/** The vectors that a page looks among. */
export function vectorsOf(page: VectorPage): Query {
  return embeddingsOf(page, 'CROSS JOIN mg_vector AS v ON v.key = e.key')
}

/** The keys of all embeddings that a page looks among, whatever label it asks for, as a JSON array. */
export function selectAllowedKeys(page: VectorPage): Query {
  const { sql, values } = embeddingsOf(page, '')
  return query(`SELECT json_group_array(e.key) FROM ${sql}`, ...values)
}

/** Which of the keys ?1 are of no embedding. */
export const SELECT_GONE: string = `
SELECT value FROM json_each(?1) WHERE value NOT IN (SELECT e.key FROM json_each(?1) AS k CROSS JOIN mg_embedding AS e ON e.key = k.value)
ORDER BY value`

/** The embeddings `e` of a model, and what is joined to them: from the nodes that criteria or a scope leave, where there are any. */
function embeddingsOf({ model, label, criteria, within }: VectorPage, joined: string): Query {
  const among = selectAmong(label, criteria, within)
  const from = among === null ? '' : `(${among.sql}) AS n CROSS JOIN`
  const on = among === null ? '' : 'ON e.id = n.id'
  return query(
    `${from} mg_embedding AS e ${on} ${joined} WHERE e.model = ${MODEL_KEY}`,
    ...(among?.values ?? []),
    model,
  )
}

/** The ids of the nodes that criteria or a scope leave; `null` where there are neither. */
function selectAmong(
  label: string | null,
  criteria: MemoryCriteria | null,
  within: VectorPage['within'],
): Query | null {
  if (criteria !== null) {
    const { sql, values } = selectMemoryIds(criteria)
    if (within.length === 0) return query(`SELECT m.id AS id FROM (${sql}) AS m`, ...values)
    const inside = isIdWithin(within, 'm.id')
    return query(`SELECT m.id AS id FROM (${sql}) AS m WHERE ${inside.sql}`, ...values, ...inside.values)
  }
  if (within.length === 0) return null
  const inside = isWithin(within, 'inside.')
  const ofLabel: SqlValue[] = label === null ? [] : [label]
  return query(
    `SELECT inside.id AS id FROM nodes AS inside WHERE ${inside.sql}${label === null ? '' : ' AND +inside.label = ?'}`,
    ...inside.values,
    ...ofLabel,
  )
}
