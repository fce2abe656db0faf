import { compareText } from '../../model/text-order.js'
import type { EmbeddingModelRow, VectorHitRow, VectorPage } from '../graph-driver.js'
import { dotProduct } from './embedding-table.js'
import type { GraphStore } from './graph-store.js'
import { memoryTest } from './memory-query.js'
import { firstInOrder } from './ordering.js'
import { scopeTest } from './scope-test.js'

/** The nodes nearest to a vector, all of which are compared. */
export function vectorPage(store: GraphStore, page: VectorPage): VectorHitRow[] {
  return firstInOrder(hitsOf(store, page), page.limit, nearestFirst)
}

/** The models that nodes which pass a test have embeddings of. */
export function embeddingModels(
  store: GraphStore,
  isInside: ((id: string) => boolean) | null,
): EmbeddingModelRow[] {
  const models: EmbeddingModelRow[] = []
  for (const model of store.embeddings.models) {
    for (const { id, vector } of store.embeddings.ofModel(model)) {
      if (isInside && !isInside(id)) continue
      models.push({ model, dimensions: vector.length })
      break
    }
  }
  return models.sort((one, other) => compareText(one.model, other.model))
}

function* hitsOf(store: GraphStore, page: VectorPage): Generator<VectorHitRow, void, undefined> {
  const tests = testsOf(store, page)
  const length = Math.sqrt(dotProduct(page.vector, page.vector))
  const minScore = page.minScore ?? Number.NEGATIVE_INFINITY
  for (const { id, vector, length: itsLength } of store.embeddings.ofModel(page.model)) {
    if (!tests.every((test) => test(id))) continue
    const score = clamped(dotProduct(page.vector, vector) / (length * itsLength))
    if (score >= minScore) yield { id, score }
  }
}

function testsOf(store: GraphStore, { label, criteria, within }: VectorPage): ((id: string) => boolean)[] {
  const isInside = scopeTest(store, within)
  return [
    ...(label === null ? [] : [(id: string) => store.node(id)?.row.label === label]),
    ...(isInside ? [isInside] : []),
    ...(criteria ? [memoryTest(store, criteria)] : []),
  ]
}

function nearestFirst(one: VectorHitRow, other: VectorHitRow): number {
  return other.score - one.score || compareText(one.id, other.id)
}

/** Rounding must not make a cosine of more than 1. */
function clamped(score: number): number {
  return Math.max(-1, Math.min(1, score))
}
