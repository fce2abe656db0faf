import { fuseRankings } from '../../search/rank-fusion.js'
import type { GraphReader } from '../graph-driver.js'
import { bestFirst, type Ranked } from './ranked.js'
import { rankByText, type TextQuestion } from './text-ranking.js'
import { rankByVector, type VectorQuestion } from './vector-ranking.js'

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
  const { text, vector, weights, criteria, expansion } = question
  const byText = text.terms.length > 0 && weights.text > 0 ? await rankByText(reader, question) : []
  const byVector =
    vector !== null && weights.vector > 0 ? await rankByVector(reader, vector, criteria, expansion) : []
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
