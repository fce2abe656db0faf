import { lend, relevances } from '../../search/lending.js'
import type { Shares } from '../../search/relevance.js'
import type { GraphReader, MemoryCriteria, VectorHitRow } from '../graph-driver.js'
import { isUnfiltered } from '../memory-search.js'
import { type Expansion, linksAround } from './closeness.js'
import { bestFirst, loanInfo, placesOf, type Ranked } from './ranked.js'
import { CANDIDATES, LENDERS } from './text-ranking.js'

/** The vector of a question, the model it is of, and how many times as many candidates as usual are compared. */
export type VectorQuestion = {
  readonly vector: Float32Array
  readonly model: string
  readonly effort: number
}

/** The vector of a question as an embedder makes it, the model it is of, and how much nearness to it counts. */
export type QueryVector = { readonly vector: Float32Array; readonly model: string; readonly weight: number }

/** What the nearest memory holds of what is looked for: never all of it, so that what is close to others can count for it too. */
const GREATEST_SHARE = 0.8
/** Nearness is the one thing that is looked for. */
const WEIGHTS = [1]

/** Memories by the nearness of their vectors and of what stands close to them, best first. */
export async function rankByVector(
  reader: GraphReader,
  question: VectorQuestion,
  criteria: MemoryCriteria,
  expansion: Expansion,
): Promise<Ranked[]> {
  const hits = await nearest(reader, question, criteria, CANDIDATES)
  const shares = sharesOf(hits)
  const lenders = new Map([...shares].slice(0, LENDERS))
  const links = await linksAround(reader, [...lenders.keys()], expansion)
  const loans = lend(lenders, WEIGHTS, links)
  const scores = relevances(WEIGHTS, shares, loans)
  const places = placesOf(hits.map(({ id }) => id))
  const similarities = new Map(hits.map(({ id, score }) => [id, score]))
  const infoOf = loanInfo(loans)
  return bestFirst(scores).map((id) => {
    const [vector, similarity, lent] = [places.get(id), similarities.get(id), infoOf(id)]
    const near = similarity === undefined ? {} : { similarity }
    const why = { ...lent, ...near, ranks: { ...(vector !== undefined && { vector }), ...lent.ranks } }
    return { id, score: scores.get(id) as number, memory: null, why }
  })
}

/** Memories by the nearness of their vectors alone, at most so many. */
export async function listByVector(
  reader: GraphReader,
  question: VectorQuestion,
  criteria: MemoryCriteria,
  limit: number,
): Promise<Ranked[]> {
  const hits = await nearest(reader, question, criteria, limit)
  return hits.map(({ id, score: similarity }, at) => ({
    id,
    score: 0,
    memory: null,
    why: { ranks: { vector: at + 1 }, similarity },
  }))
}

function nearest(
  reader: GraphReader,
  question: VectorQuestion,
  criteria: MemoryCriteria,
  limit: number,
): Promise<VectorHitRow[]> {
  const { vector, model, effort } = question
  return reader.findByVector({
    vector,
    model,
    effort,
    limit,
    label: 'Memory',
    criteria: isUnfiltered(criteria) ? null : criteria, // an index is asked by itself only where nothing is left out
    within: [],
    minScore: null,
    exact: false,
  })
}

/** Similarities mean little by themselves: what a model takes for near and for far shows in the hits. The last of them counts nothing. */
function sharesOf(hits: readonly VectorHitRow[]): Map<string, Shares> {
  const nearest = hits[0]?.score ?? 0
  const farthest = hits.length < CANDIDATES ? -1 : (hits.at(-1)?.score ?? 0)
  const span = nearest - farthest || 1
  return new Map(hits.map(({ id, score }) => [id, [(GREATEST_SHARE * (score - farthest)) / span]]))
}
