import { randomOf } from '../../support/random.js'

const DIMENSIONS = 384
const CLUSTERS = 30

/** Vectors around a few centres, the same in each run: the one at place n belongs to the centre n modulo 30. */
export function clusteredVectors(count: number): Float32Array[] {
  const normal = normalOf(randomOf(11))
  const centres = Array.from({ length: CLUSTERS }, () => Float32Array.from({ length: DIMENSIONS }, normal))
  return Array.from({ length: count }, (_, at) =>
    (centres[at % CLUSTERS] as Float32Array).map((component) => component + normal()),
  )
}

/** Normally distributed numbers (Box and Muller). */
function normalOf(random: () => number): () => number {
  return () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}
