import { MemoryNotFoundError, ValidationError } from '../errors.js'
import {
  type CheckedEmbedding,
  type Embedding,
  type EmbeddingInput,
  embeddingSchema,
} from '../model/embedding.js'
import { compareText } from '../model/text-order.js'
import { validate } from '../model/validation.js'
import type { BulkOptions } from './graph-backend.js'
import type { EmbeddingModelRow, EmbeddingRow, GraphReader, GraphWriter } from './graph-driver.js'
import { inSlices } from './slices.js'

/** Missing ids that a message names; `details` has all of them. */
const MAX_NAMED_IDS = 10

/** Checks embeddings to be set, slice by slice; of those of one node and model the last one counts. */
export async function checkEmbeddings(
  inputs: readonly EmbeddingInput[],
  options?: BulkOptions,
): Promise<CheckedEmbedding[]> {
  const checked = new Map<string, CheckedEmbedding>()
  const models = new Map<string, EmbeddingModelRow>()
  const checkSlice = (slice: readonly EmbeddingInput[], start: number): void => {
    slice.forEach((input, offset) => {
      const embedding = validate(embeddingSchema, input, `embedding ${start + offset}`)
      const { id, model, vector } = embedding
      requireDimensions(embedding, models.get(model))
      models.set(model, { model, dimensions: vector.length })
      checked.set(`${id}\0${model}`, embedding) // neither can hold a NUL
    })
  }
  await inSlices(inputs, checkSlice, { signal: options?.signal })
  return [...checked.values()]
}

/** Stores embeddings, each in place of the one of its node and model. */
export async function setEmbeddings(
  writer: GraphWriter,
  embeddings: readonly CheckedEmbedding[],
  options?: BulkOptions,
): Promise<void> {
  const least = writer.leastSlice
  const models = new Map((await writer.getEmbeddingModels([])).map((row) => [row.model, row]))
  for (const embedding of embeddings) requireDimensions(embedding, models.get(embedding.model))
  await requireNodes(writer, embeddings)
  await inSlices(embeddings, (slice) => writer.putEmbeddings(slice.map(rowOf)), {
    ...options,
    phase: 'storing',
    least,
  })
}

// Which version of a memory a digest is of is for the embedder to find out.
function rowOf(embedding: CheckedEmbedding): EmbeddingRow {
  return { ...embedding, version: embedding.digest === null ? null : 0 }
}

/** The embeddings of nodes, in the order of the ids, those of one node by model. */
export async function getEmbeddings(
  reader: GraphReader,
  ids: readonly string[],
  model: string | null,
): Promise<Embedding[]> {
  const rows = await reader.getEmbeddings(ids, model)
  const places = new Map(ids.map((id, place) => [id, place]))
  const placeOf = ({ id }: EmbeddingRow): number => places.get(id) ?? ids.length
  return rows
    .sort((one, other) => placeOf(one) - placeOf(other) || compareText(one.model, other.model))
    .map(({ id, model, vector, digest }) => ({ id, model, vector, digest }))
}

/** Deletes embeddings of nodes, slice by slice; returns how many there were. */
export async function deleteEmbeddings(
  writer: GraphWriter,
  ids: readonly string[],
  model: string | null,
): Promise<number> {
  let deleted = 0
  const deleteSlice = async (slice: readonly string[]): Promise<void> => {
    deleted += await writer.deleteEmbeddings(slice, model)
  }
  await inSlices(ids, deleteSlice, { least: writer.leastSlice })
  return deleted
}

/** Refuses a vector that has another number of components than those of its model. */
export function requireDimensions(
  { id, model, vector }: Pick<CheckedEmbedding, 'id' | 'model' | 'vector'>,
  known: EmbeddingModelRow | undefined,
): void {
  if (!known || known.dimensions === vector.length) return
  throw new ValidationError(
    `Invalid embedding of ${JSON.stringify(id)}: its vector has ${vector.length} components, those of the model ${JSON.stringify(model)} have ${known.dimensions}: give vectors of another kind another model name, or delete the ones there are`,
    { details: { id, model, components: vector.length, dimensions: known.dimensions } },
  )
}

async function requireNodes(writer: GraphWriter, embeddings: readonly CheckedEmbedding[]): Promise<void> {
  const ids = [...new Set(embeddings.map(({ id }) => id))]
  const missing: string[] = []
  const findMissing = async (slice: readonly string[]): Promise<void> => {
    const there = new Set(await writer.selectWithin(slice, []))
    for (const id of slice) if (!there.has(id)) missing.push(id)
  }
  await inSlices(ids, findMissing, { least: writer.leastSlice })
  if (missing.length > 0) throw nodesNotFound(missing)
}

/** That there are no nodes to set embeddings of. */
export function nodesNotFound(missing: readonly string[]): MemoryNotFoundError {
  const named = missing.slice(0, MAX_NAMED_IDS).map((id) => JSON.stringify(id))
  const others = missing.length - named.length
  return new MemoryNotFoundError(
    `Cannot set embeddings: no node has the id ${named.join(', ')}${others > 0 ? ` (and ${others} more)` : ''}: store the nodes first`,
    { details: { missing } },
  )
}
