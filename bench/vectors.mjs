import { randomOf } from './random.mjs'

/** Components of every vector. */
export const DIMENSIONS = 384
const CLUSTERS = 100

/**
 * So many vectors one after the other in one array, the same in each run.
 *
 * - `clustered`: around 100 centres whose components are normal with variance 1; the noise around them has the same variance
 * - `random`: components evenly between -1 and 1
 *
 * @param {'clustered' | 'random'} kind
 */
export function makeVectors(kind, count, seed) {
  const random = randomOf(seed)
  const vectors = new Float32Array(count * DIMENSIONS)
  if (kind === 'random') return vectors.map(() => 2 * random() - 1)
  const normal = normalOf(random)
  const centres = Float32Array.from({ length: CLUSTERS * DIMENSIONS }, normalOf(randomOf(1)))
  for (let at = 0; at < count; at++) {
    const centre = Math.floor(random() * CLUSTERS) * DIMENSIONS
    for (let component = 0; component < DIMENSIONS; component++)
      vectors[at * DIMENSIONS + component] = centres[centre + component] + normal()
  }
  return vectors
}

/** The vector at a place. */
export function vectorAt(vectors, at) {
  return vectors.subarray(at * DIMENSIONS, (at + 1) * DIMENSIONS)
}

/** The places of the `count` vectors nearest to another by the cosine, computed with 64 bits, of those that `isAllowed`. */
export function nearestTo(vectors, query, count, isAllowed = () => true) {
  const best = []
  for (let at = 0; at * DIMENSIONS < vectors.length; at++) {
    if (!isAllowed(at)) continue
    const score = cosine(vectors, at * DIMENSIONS, query)
    if (best.length === count && score <= best[count - 1].score) continue
    best.push({ at, score })
    best.sort((a, b) => b.score - a.score)
    if (best.length > count) best.length = count
  }
  return best.map(({ at }) => at)
}

/** Up to a factor that is the same for all. */
function cosine(vectors, start, query) {
  let product = 0
  let squares = 0
  for (let component = 0; component < DIMENSIONS; component++) {
    const value = vectors[start + component]
    product += value * query[component]
    squares += value * value
  }
  return product / Math.sqrt(squares)
}

/** Normally distributed numbers (Box and Muller). */
function normalOf(random) {
  return () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}
