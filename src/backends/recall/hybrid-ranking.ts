import { fuseRankings } from '../../search/rank-fusion.js'
import type { GraphReader } from '../graph-driver.js'
import { bestFirst, type Ranked } from './ranked.js'
import { CANDIDATES, listByText, rankByText, type TextQuestion } from './text-ranking.js'
import { listByVector, rankByVector, type VectorQuestion } from './vector-ranking.js'

/** What a ranking is about: a text (without terms there is none), a vector, or both, and how much each counts. */
export type Question = TextQuestion & {
  readonly vector: VectorQuestion | null
  readonly weights: { readonly text: number; readonly vector: number }
}

/**
 * Memories by text and by vector, in each of which closeness to other good ones counts, fused by reciprocal rank where there are
 * both; best first.
 */
export async function rank(reader: GraphReader, question: Question): Promise<Ranked[]> {
  const { criteria, expansion } = question
  return fused(question, {
    byText: () => rankByText(reader, question),
    byVector: (vector) => rankByVector(reader, vector, criteria, expansion),
  })
}

/**
 * What comes after the memories of a ranking, as far as so many in all: in the order of the indexes, since only the first of
 * them are looked at more closely.
 */
export async function rankRest(
  reader: GraphReader,
  question: Question,
  ranking: readonly Ranked[],
  wanted: number,
): Promise<Ranked[]> {
  if (ranking.length < CANDIDATES) return [] // then neither index had more
  const ranked = new Set(ranking.map(({ id }) => id))
  const limit = wanted + ranked.size
  const listed = await fused(question, {
    byText: () => listByText(reader, question, limit),
    byVector: (vector) => listByVector(reader, vector, question.criteria, limit),
  })
  return listed.filter(({ id }) => !ranked.has(id)).map((one) => ({ ...one, score: 0 }))
}

/** The parts that count of a question, each ranked, and both as one where there are both. */
async function fused(
  { text, vector, weights }: Question,
  parts: {
    readonly byText: () => Promise<Ranked[]>
    readonly byVector: (vector: VectorQuestion) => Promise<Ranked[]>
  },
): Promise<Ranked[]> {
  const byText = text.terms.length > 0 && weights.text > 0 ? await parts.byText() : []
  const byVector = vector !== null && weights.vector > 0 ? await parts.byVector(vector) : []
  if (byVector.length === 0) return byText
  if (byText.length === 0) return byVector
  const scores = fuseRankings([
    { ids: byText.map(({ id }) => id), weight: weights.text },
    { ids: byVector.map(({ id }) => id), weight: weights.vector },
  ])
  const texts = new Map(byText.map((one) => [one.id, one]))
  const vectors = new Map(byVector.map((one) => [one.id, one]))
  return bestFirst(scores).map((id) => {
    const [found, near] = [texts.get(id), vectors.get(id)]
    return {
      id,
      score: scores.get(id) as number,
      memory: found?.memory ?? null,
      why: { ...near?.why, ...found?.why, ranks: { ...near?.why.ranks, ...found?.why.ranks } },
    }
  })
}
