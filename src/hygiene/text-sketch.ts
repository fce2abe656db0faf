import { createHash } from 'node:crypto'

/** Words that make one shingle. */
const SHINGLE_WORDS = 3
/** Numbers in a sketch. */
const SKETCH_SIZE = 64
const PRIME = 4_294_967_291
const WORD = /[\p{L}\p{M}\p{N}]+/gu

/**
 * What is compared of a text: the hashes of its runs of three words, in order of size, without regard to case and punctuation; and
 * of these the least by each of 64 orders, which two texts share as often as they share runs (Broder, On the resemblance and
 * containment of documents, 1997).
 */
export type TextSketch = { readonly shingles: Uint32Array; readonly sketch: Uint32Array }

/** The sketch of a text. The same text has the same one, on every machine. */
export function sketchOf(text: string): TextSketch {
  const words = text.normalize('NFKC').toLowerCase().match(WORD) ?? []
  const hashes = new Set<number>()
  for (let at = 0; at === 0 || at + SHINGLE_WORDS <= words.length; at++)
    hashes.add(hashOf(words.slice(at, at + SHINGLE_WORDS).join(' ')))
  const shingles = Uint32Array.from(hashes).sort()
  const sketch = ORDERS.map(([factor, offset]) => {
    let least = PRIME
    for (const shingle of shingles) least = Math.min(least, multiplied(shingle, factor, offset))
    return least
  })
  return { shingles, sketch: Uint32Array.from(sketch) }
}

/** The part of all runs of words of two texts that both have: 0 to 1 (Jaccard). */
export function similarityOf(one: TextSketch, other: TextSketch): number {
  const [a, b] = [one.shingles, other.shingles]
  let shared = 0
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    const [x, y] = [a[i] as number, b[j] as number]
    if (x === y) shared++
    if (x <= y) i++
    if (y <= x) j++
  }
  return shared / (a.length + b.length - shared)
}

/**
 * Keys of which two texts share at least one when they are alike: nearly always from that similarity on, rarely far below it.
 */
export function bandsOf({ sketch }: TextSketch, threshold: number): string[] {
  const rows = threshold >= 0.8 ? 4 : threshold >= 0.5 ? 2 : 1
  const bands: string[] = []
  for (let at = 0; at < sketch.length; at += rows) bands.push(`${at}:${sketch.slice(at, at + rows).join()}`)
  return bands
}

function hashOf(text: string): number {
  return createHash('md5').update(text).digest().readUInt32LE(0)
}

/** Factors and offsets of the orders; fixed, so that sketches can be compared. */
const ORDERS: readonly (readonly [factor: number, offset: number])[] = Array.from(
  { length: SKETCH_SIZE },
  (_, at) => [(hashOf(`factor ${at}`) % (PRIME - 1)) + 1, hashOf(`offset ${at}`) % PRIME],
)

// A product of two 32-bit numbers is beyond what a double holds exactly, so one is split in halves.
function multiplied(value: number, factor: number, offset: number): number {
  const high = ((value >>> 16) * factor) % PRIME
  return (high * 65_536 + (value & 0xffff) * factor + offset) % PRIME
}
