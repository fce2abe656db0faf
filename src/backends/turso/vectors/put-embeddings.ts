import type { EmbeddingRow } from '../../graph-driver.js'
import { type Query, query } from '../sql-source.js'
import { DELETE_REPLACED, INSERT_EMBEDDINGS, INSERT_VECTORS, PUT_MODEL } from './embedding-statements.js'
import { bytesOf, COMPONENT_BYTES } from './vector-bytes.js'
import { codeBytes, codesOf } from './vector-code.js'

/** Bytes of vectors that one statement takes: a few milliseconds of work, and far less than a primary takes in a request. */
const SLICE_BYTES = 512 * 1024

/** The statements that store embeddings: a few for hundreds of them. */
export function putEmbeddings(rows: readonly EmbeddingRow[]): Query[] {
  const byModel = new Map<string, Map<string, EmbeddingRow>>()
  for (const row of rows) {
    const ofModel = byModel.get(row.model) ?? new Map<string, EmbeddingRow>()
    byModel.set(row.model, ofModel.set(row.id, row))
  }
  return [...byModel].flatMap(([model, ofModel]) => putOfModel(model, [...ofModel.values()]))
}

function putOfModel(model: string, rows: readonly EmbeddingRow[]): Query[] {
  const dimensions = rows[0]?.vector.length ?? 0
  const size = Math.max(1, Math.floor(SLICE_BYTES / (dimensions * COMPONENT_BYTES)))
  const statements = [query(PUT_MODEL, model, BigInt(dimensions))]
  for (let start = 0; start < rows.length; start += size)
    statements.push(...putSlice(model, dimensions, rows.slice(start, start + size)))
  return statements
}

function putSlice(model: string, dimensions: number, rows: readonly EmbeddingRow[]): Query[] {
  const entries = JSON.stringify(rows.map(({ id, version, digest }) => [id, version, digest]))
  const vectors = rows.map(({ vector }) => vector)
  const [ofCode, ofVector] = [BigInt(codeBytes(dimensions)), BigInt(dimensions * COMPONENT_BYTES)]
  return [
    query(DELETE_REPLACED, entries, model),
    query(INSERT_VECTORS, entries, bytesOf(vectors), ofVector),
    query(INSERT_EMBEDDINGS, entries, model, codesOf(vectors), ofCode, BigInt(dimensions)),
  ]
}
