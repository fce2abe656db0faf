/** Words of 32 bits that are counted together: a code is padded to a multiple of so many. */
const WORDS_AT_A_TIME = 3

/** Words of the code of a vector with so many components, as it is kept in memory. */
export function codeWords(dimensions: number): number {
  return Math.ceil(dimensions / (32 * WORDS_AT_A_TIME)) * WORDS_AT_A_TIME
}

/**
 * In how many bits each of so many codes, one after the other from a word on, differs from that of a query. A plain loop over arrays,
 * since it runs over every vector at each search.
 */
export function hamming(
  codes: Uint32Array,
  start: number,
  query: Uint32Array,
  distances: Uint16Array,
  first: number,
  count: number,
): void {
  const words = query.length
  for (let row = first, at = start; row < first + count; row++) {
    let bits = 0
    for (let word = 0; word < words; word += WORDS_AT_A_TIME, at += WORDS_AT_A_TIME) {
      const a = (codes[at] as number) ^ (query[word] as number)
      const b = (codes[at + 1] as number) ^ (query[word + 1] as number)
      const c = (codes[at + 2] as number) ^ (query[word + 2] as number)
      // The three words as the sum of one that counts once and one that counts twice, so that two are counted rather than three.
      const onces = a ^ b ^ c
      const twices = (a & b) | (c & (a ^ b))
      const nibbles = bitsOfNibbles(onces) + 2 * bitsOfNibbles(twices)
      const bytes = (nibbles & 0x0f0f0f0f) + ((nibbles >>> 4) & 0x0f0f0f0f)
      bits += Math.imul(bytes, 0x01010101) >>> 24
    }
    distances[row] = bits
  }
}

function bitsOfNibbles(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555)
  return (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333)
}
