import { MemoryError, ValidationError } from '../errors.js'
import { MEMORY_LABEL } from '../model/node.js'
import type { CompleteVectorSearch, VectorHit } from '../model/vector-search.js'
import type { EmbeddingModelRow, GraphReader, NodeRow, VectorHitRow } from './graph-driver.js'
import { memoryOf, nodeOf } from './memory-rows.js'
import { criteriaOf } from './memory-search.js'

/** The nodes nearest to a vector, best first, then by id. */
export async function searchByVector(
  reader: GraphReader,
  vector: Float32Array,
  search: CompleteVectorSearch,
): Promise<VectorHit[]> {
  const model = await modelFor(reader, vector, search.model)
  if (model === null) return []
  const { k, label, minScore, effort, exact } = search
  const criteria = search.filter && criteriaOf(search.filter)
  const page = { vector, model, label, criteria, within: [], minScore, effort, exact }
  for (let limit = k; ; ) {
    const found = await reader.findByVector({ ...page, limit })
    const hits = await read(reader, found)
    if (hits.length >= k || found.length < limit) return hits.slice(0, k)
    limit += found.length - hits.length // what cannot be read takes nobody's place
  }
}

/**
 * The model whose vectors one is compared with: the one that is named, else the one that recalls use, else the only one; `null` without
 * any.
 *
 * @throws `MG_VALIDATION` there is none of that name, or it is not clear which, or its vectors have another number of components
 */
export async function modelFor(
  reader: GraphReader,
  vector: Float32Array,
  named: string | null,
): Promise<string | null> {
  const known = await modelOf(reader, named)
  if (known && known.dimensions !== vector.length) throw otherDimensions(known, vector.length)
  return known?.model ?? null
}

/** The hits that are still there and can be read, in their order. */
async function read(reader: GraphReader, found: readonly VectorHitRow[]): Promise<VectorHit[]> {
  if (found.length === 0) return []
  const rows = new Map((await reader.getNodes(found.map(({ id }) => id))).map((row) => [row.id, row]))
  return found.flatMap(({ id, score }) => {
    const row = rows.get(id)
    return row ? readableHit(row, score) : []
  })
}

function readableHit(row: NodeRow, score: number): VectorHit[] {
  const { id, label } = row
  const isMemory = label === MEMORY_LABEL
  try {
    const [memory, node] = isMemory ? [memoryOf(row), null] : [null, nodeOf(row)]
    return [{ id, label, score, memory, node }]
  } catch (error) {
    if (MemoryError.is(error) && error.code === 'MG_CORRUPT') return [] // as searches leave it out
    throw error
  }
}

async function modelOf(reader: GraphReader, named: string | null): Promise<EmbeddingModelRow | null> {
  const models = await reader.getEmbeddingModels([])
  const modelCalled = (name: string | null): EmbeddingModelRow | undefined =>
    models.find(({ model }) => model === name)
  if (named !== null) {
    const known = modelCalled(named)
    if (known) return known
    throw new ValidationError(
      `Invalid vector search: there are no vectors of the model ${JSON.stringify(named)}, ${thoseThereAre(models)}`,
      { details: { model: named, models: models.map(({ model }) => model) } },
    )
  }
  if (models.length <= 1) return models[0] ?? null
  const known = modelCalled(await reader.getRecallModel())
  if (known) return known
  throw new ValidationError(
    `Invalid vector search: there are vectors of several models, ${namesOf(models)}: name one of them (option model)`,
    { details: { models: models.map(({ model }) => model) } },
  )
}

function thoseThereAre(models: readonly EmbeddingModelRow[]): string {
  if (models.length === 0) return 'nor of any other'
  return `only of ${namesOf(models)}`
}

function namesOf(models: readonly EmbeddingModelRow[]): string {
  return models.map(({ model }) => JSON.stringify(model)).join(', ')
}

function otherDimensions({ model, dimensions }: EmbeddingModelRow, length: number): ValidationError {
  return new ValidationError(
    `Invalid vector: it has ${length} components, those of the model ${JSON.stringify(model)} have ${dimensions}: search with a vector of that model, or name another one (option model)`,
    { details: { model, components: length, dimensions } },
  )
}
