import { type Query, query } from '../sql-source.js'
import { COMPONENT_BYTES } from './vector-bytes.js'
import type { CompleteDiskAnnOptions } from './vector-options.js'

/*
 * The tables of DiskANN: `mg_ann` says of each model up to which key its index goes and how it was made, `mg_ann_point` which distinct
 * vector each embedding has, and a table for each model holds these vectors and the index. They are no part of the schema: stock
 * SQLite can neither write nor check a table with such an index, so that no trigger touches them.
 */

/** 1 where there are such tables. */
export const HAS_DISKANN: string = `SELECT count(*) FROM sqlite_master WHERE name = 'mg_ann'`
export const CREATE_DISKANN: string = `
CREATE TABLE IF NOT EXISTS mg_ann (model INTEGER PRIMARY KEY, done INTEGER NOT NULL, dimensions INTEGER NOT NULL, made TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS mg_ann_point (key INTEGER PRIMARY KEY, model INTEGER NOT NULL, point INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS mg_ann_point_of ON mg_ann_point(model, point);`
/** After the tables of all models. */
export const DROP_DISKANN = 'DROP TABLE mg_ann; DROP TABLE mg_ann_point;'
/** Where the engine takes note of vector indexes, of whoever's tables; empty once there are none. */
export const HAS_INDEX_NOTES = `SELECT count(*) FROM sqlite_master WHERE name = 'libsql_vector_meta_shadow'`
export const COUNT_INDEX_NOTES = 'SELECT count(*) FROM libsql_vector_meta_shadow'
export const DROP_INDEX_NOTES = 'DROP TABLE libsql_vector_meta_shadow'
export const SELECT_INDEXED: string = 'SELECT model FROM mg_ann'
/** Models whose index was made in another way than ?1, or of vectors of another length, or is of nothing. */
export const SELECT_OUTDATED: string = `
SELECT a.model FROM mg_ann AS a LEFT JOIN mg_model AS o ON o.key = a.model
WHERE a.made <> ?1 OR o.dimensions IS NOT a.dimensions OR o.count = 0`
/** Models of which something is not indexed: key, components, and up to where it is; NULL where nothing is. */
export const SELECT_BEHIND: string = `
SELECT o.key, o.dimensions, a.done FROM mg_model AS o LEFT JOIN mg_ann AS a ON a.model = o.key
WHERE o.count > 0 AND o.last > coalesce(a.done, 0)`
/** How many more embeddings are indexed than there are, at least. */
export const COUNT_GONE: string = `
SELECT (SELECT count(*) FROM mg_ann_point) - coalesce(sum(o.count), 0) FROM mg_ann AS a JOIN mg_model AS o ON o.key = a.model`
/** The next ?3 embeddings of the model ?1 after the key ?2. */
export const SELECT_NEXT: string = `
SELECT e.key, v.vector FROM mg_embedding AS e LEFT JOIN mg_vector AS v ON v.key = e.key
WHERE e.key > ?2 AND e.model = ?1 ORDER BY e.key LIMIT ?3`
export const PUT_DONE: string = `UPDATE mg_ann SET done = ? WHERE model = ?`
/** Some that are indexed and gone: keys, models and points. */
export const SELECT_SOME_GONE: string = `
SELECT p.key, p.model, p.point FROM mg_ann_point AS p WHERE NOT EXISTS (SELECT 1 FROM mg_embedding AS e WHERE e.key = p.key) LIMIT ?`
export const DELETE_KEY: string = `DELETE FROM mg_ann_point WHERE key = ?`
/** Whether there is an index of the model ?1: its key, up to which key of a vector the index goes, and how many vectors there are. */
export const SELECT_DONE: string = `
SELECT a.model, a.done, o.count FROM mg_ann AS a JOIN mg_model AS o ON o.key = a.model WHERE o.name = ?1 AND a.dimensions = ?2 AND o.dimensions = ?2`

/** Makes the table of a model. A delete trigger keeps the engine from emptying it in a way that its index does not see. */
export function createIndexOf(
  model: number,
  dimensions: number,
  { maxNeighbors, compressNeighbors }: CompleteDiskAnnOptions,
  made: string,
): string {
  const compress = compressNeighbors === 'none' ? '' : `, 'compress_neighbors=${compressNeighbors}'`
  return `
CREATE TABLE mg_ann_${model} (point INTEGER PRIMARY KEY, digest TEXT NOT NULL UNIQUE, vector F32_BLOB(${dimensions}) NOT NULL);
CREATE INDEX mg_ann_${model}_index ON mg_ann_${model}(libsql_vector_idx(vector, 'metric=cosine', 'max_neighbors=${maxNeighbors}'${compress}));
CREATE TRIGGER mg_ann_${model}_delete AFTER DELETE ON mg_ann_${model} BEGIN SELECT 1; END;
INSERT INTO mg_ann(model, done, dimensions, made) VALUES (${model}, 0, ${dimensions}, '${made}');`
}

/** Takes the index of a model out; the engine cleans up after an index, not after a table. */
export function dropIndexOf(model: number): string {
  return `
DROP INDEX IF EXISTS mg_ann_${model}_index;
DROP TABLE IF EXISTS mg_ann_${model};
DELETE FROM mg_ann_point WHERE model = ${model};
DELETE FROM mg_ann WHERE model = ${model};`
}

/** Indexes an embedding: a vector that is there already is not put in again, since many equal ones cut the index in two. */
export function indexVector(model: number, key: number, digest: string, vector: Uint8Array): Query[] {
  return [
    query(
      `INSERT INTO mg_ann_${model}(digest, vector) SELECT ?1, ?2 WHERE NOT EXISTS (SELECT 1 FROM mg_ann_${model} WHERE digest = ?1)`,
      digest,
      vector,
    ),
    query(
      `INSERT OR REPLACE INTO mg_ann_point(key, model, point) SELECT ?1, ?2, point FROM mg_ann_${model} WHERE digest = ?3`,
      BigInt(key),
      BigInt(model),
      digest,
    ),
  ]
}

/** Takes a vector out that no embedding has any more. */
export function deletePoint(model: number, point: number): Query {
  return query(
    `DELETE FROM mg_ann_${model} WHERE point = ?1 AND NOT EXISTS (SELECT 1 FROM mg_ann_point WHERE model = ?2 AND point = ?1)`,
    BigInt(point),
    BigInt(model),
  )
}

/** The keys of what the index holds to be the nearest, and of all that is not indexed yet; the engine ends the process over other numbers. */
export function selectNearPoints(model: number, done: number, vector: Uint8Array, count: number): Query {
  return query(
    `SELECT p.key FROM vector_top_k('mg_ann_${model}_index', ?, ?) AS near
CROSS JOIN mg_ann_point AS p ON p.model = ? AND p.point = near.id
UNION SELECT key FROM mg_embedding WHERE key > ? AND model = ?`,
    vector,
    BigInt(Math.max(1, Math.min(MOST_POINTS, Math.floor(count) || 1))),
    BigInt(model),
    BigInt(done),
    BigInt(model),
  )
}

/** The most that the index is asked for. */
export const MOST_POINTS = 1_000

/** Whether bytes are a vector of so many components. */
export function isVectorOf(bytes: unknown, dimensions: number): bytes is Uint8Array {
  return bytes instanceof Uint8Array && bytes.length === dimensions * COMPONENT_BYTES
}
