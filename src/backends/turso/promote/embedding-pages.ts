import type { EmbeddingRow } from '../../graph-driver.js'
import { type Query, query, type SqlRow, type SqlSource } from '../sql-source.js'
import { SELECT_EMBEDDINGS } from '../vectors/embedding-statements.js'
import { vectorOf } from '../vectors/vector-bytes.js'
import { byId, isSame, NODES } from './graph-table.js'
import { countFitting, type Pages } from './local-rows.js'
import { selectRows } from './promote-statements.js'
import { SELECT_REVISIONS } from './version-statements.js'

/** An embedding of a file; `modelKey` is the key of its model there, `revision` the number that its memory has come to. */
export type StoredEmbedding = EmbeddingRow & { readonly modelKey: number; readonly revision: number }

export const COUNT_EMBEDDINGS = 'SELECT coalesce(sum(count), 0) FROM mg_model'

function selectPage(columns: string, isFirst: boolean): string {
  return `
SELECT ${columns}
FROM mg_embedding AS e CROSS JOIN nodes AS n ON n.id = e.id CROSS JOIN mg_model AS o ON o.key = e.model
CROSS JOIN mg_vector AS v ON v.key = e.key LEFT JOIN mg_revision AS r ON r.id = e.id
WHERE length(v.vector) = o.dimensions * 4 ${isFirst ? '' : 'AND (e.id, e.model) > (?2, ?3)'}
ORDER BY e.id, e.model LIMIT ?1`
}

const COLUMNS = 'e.id, e.model, o.name, v.vector, e.version, e.digest, coalesce(r.version, 1)'

/** The embeddings of a file in the order of their nodes' ids. */
export function embeddingPages(source: SqlSource): Pages<StoredEmbedding> {
  return {
    read: async (after, limits) => {
      const isFirst = after === null
      const from = isFirst ? [] : valuesOfPosition(after)
      const [sizes = []] = await source.read([
        query(selectPage('length(v.vector)', isFirst), BigInt(limits.rows), ...from),
      ])
      const count = BigInt(countFitting(sizes, limits))
      const [rows = []] = await source.read([query(selectPage(COLUMNS, isFirst), count, ...from)])
      return rows.map(storedEmbeddingOf)
    },
    positionOf: ({ id, modelKey }) => JSON.stringify([id, modelKey]),
  }
}

function valuesOfPosition(position: string): [string, bigint] {
  const [id, model] = JSON.parse(position) as [string, number]
  return [id, BigInt(model)]
}

function storedEmbeddingOf([
  id,
  modelKey,
  model,
  vector,
  version,
  digest,
  revision,
]: SqlRow): StoredEmbedding {
  return {
    id,
    modelKey,
    model,
    vector: vectorOf(vector as Uint8Array),
    version,
    digest,
    revision,
  } as StoredEmbedding
}

/** What a primary has of a page of embeddings, and of the nodes that they are of. */
export type PrimaryEmbeddings = {
  /** The ids of nodes that it has as they are here: those of another text have other vectors. */
  readonly nodes: ReadonlySet<string>
  readonly revisions: ReadonlyMap<string, number>
  readonly vectors: ReadonlyMap<string, Float32Array>
  /** Components of the vectors that it has of each model. */
  readonly dimensions: Map<string, number>
}

/** Asks a file for the nodes that embeddings are of. */
export function nodesOf(page: readonly StoredEmbedding[]): Query {
  return query(selectRows(NODES), idsOf(page))
}

/** What is asked of a primary to compare embeddings with it. */
export function embeddingReads(page: readonly StoredEmbedding[]): Query[] {
  return [
    nodesOf(page),
    query(SELECT_REVISIONS, idsOf(page)),
    query(SELECT_EMBEDDINGS, idsOf(page), null),
    query('SELECT name, dimensions FROM mg_model WHERE count > 0'),
  ]
}

/** What the answers of the primary to {@link embeddingReads} say, next to the file's to {@link nodesOf}. */
export function primaryEmbeddingsOf(here: readonly SqlRow[], there: readonly SqlRow[][]): PrimaryEmbeddings {
  const [nodes = [], revisions = [], embeddings = [], models = []] = there
  const found = byId(NODES, nodes)
  const same = [...byId(NODES, here)].filter(([id, row]) => {
    const node = found.get(id)
    return node !== undefined && isSame(NODES.content, row, node)
  })
  return {
    nodes: new Set(same.map(([id]) => id)),
    revisions: new Map(revisions as [string, number][]),
    vectors: new Map(
      embeddings.map(([id, model, vector]) => [
        keyOf(String(id), String(model)),
        vectorOf(vector as Uint8Array),
      ]),
    ),
    dimensions: new Map(models as [string, number][]),
  }
}

/** The vector that the primary has in the place of one. */
export function vectorThere(
  { vectors }: PrimaryEmbeddings,
  { id, model }: EmbeddingRow,
): Float32Array | null {
  return vectors.get(keyOf(id, model)) ?? null
}

/** Whether two vectors are the same to the bit. */
export function isSameVector(a: Float32Array, b: Float32Array): boolean {
  return a.length === b.length && a.every((component, at) => component === b[at])
}

/** Why the primary cannot hold an embedding; `null` when it can. */
export function misfitOf({ model, vector }: EmbeddingRow, { dimensions }: PrimaryEmbeddings): string | null {
  const there = dimensions.get(model) ?? vector.length
  if (there === vector.length) return null
  return `the primary has vectors of ${there} components of the model ${JSON.stringify(model)}, and this one has ${vector.length}`
}

function keyOf(id: string, model: string): string {
  return JSON.stringify([id, model])
}

function idsOf(page: readonly StoredEmbedding[]): string {
  return JSON.stringify([...new Set(page.map(({ id }) => id))])
}
