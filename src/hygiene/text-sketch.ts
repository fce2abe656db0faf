/** Words that make one shingle. */
const SHINGLE_WORDS = 3
/** Numbers in a sketch. */
const SKETCH_SIZE = 64
const GREATEST = 0xffffffff
const WORD = /[\p{L}\p{M}\p{N}]+/gu

/**
 * What is compared of a text: the hashes of its runs of three words, in order of size, without regard to case and punctuation; and
 * of these the least by each of 64 orders, which two texts share as often as they share runs (Broder, On the resemblance and
 * containment of documents, 1997).
 */
export type TextSketch = Shingled & { readonly sketch: Uint32Array }

/** The hashes of a text's runs of words, in order of size. */
export type Shingled = { readonly shingles: Uint32Array }

/** The sketch of a text. The same text has the same one, on every machine. */
export function sketchOf(text: string): TextSketch {
  const folded = text.normalize('NFKC').toLowerCase()
  const found = folded.match(WORD) ?? []
  const words = found.length < SHINGLE_WORDS ? [folded.trim()] : found // of "C++", or emoji alone, every sign counts
  const hashes = new Set<number>()
  for (let at = 0; at === 0 || at + SHINGLE_WORDS <= words.length; at++)
    hashes.add(hashOf(words.slice(at, at + SHINGLE_WORDS).join(' ')))
  const shingles = Uint32Array.from(hashes).sort()
  const sketch = new Uint32Array(SKETCH_SIZE).fill(GREATEST)
  for (const [at, { factor, offset }] of ORDERS.entries()) {
    let least = GREATEST
    for (const shingle of shingles) {
      const place = Math.imul(shingle ^ offset, factor) >>> 0
      if (place < least) least = place
    }
    sketch[at] = least
  }
  return { shingles, sketch }
}

/** The part of all runs of words of two texts that both have: 0 to 1 (Jaccard). */
export function similarityOf(one: Shingled, other: Shingled): number {
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
 * Keys of which two texts share at least one, at the same place, when they are alike: nearly always from that similarity on, rarely
 * far below it.
 */
export function bandsOf({ sketch }: TextSketch, threshold: number): Uint32Array {
  const rows = threshold >= 0.8 ? 4 : threshold >= 0.5 ? 2 : 1
  const bands = new Uint32Array(SKETCH_SIZE / rows)
  for (const [at, least] of sketch.entries()) {
    const band = Math.floor(at / rows)
    bands[band] = mixed((bands[band] as number) ^ least)
  }
  return bands
}

/** FNV-1a over the text's units, mixed: the same on every machine. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  return mixed(hash)
}

/** A number in which each bit depends on all of the given one's; no two give the same. */
function mixed(value: number): number {
  const half = Math.imul(value ^ (value >>> 16), 0x85ebca6b)
  const most = Math.imul(half ^ (half >>> 13), 0xc2b2ae35)
  return (most ^ (most >>> 16)) >>> 0
}

/** Orders of all hashes, each by a product with an odd number, in which no two have the same place. Fixed, so that sketches can be compared. */
const ORDERS: readonly { readonly factor: number; readonly offset: number }[] = Array.from(
  { length: SKETCH_SIZE },
  (_, at) => ({ factor: hashOf(`factor ${at}`) | 1, offset: hashOf(`offset ${at}`) }),
)
