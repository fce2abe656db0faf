/** Bytes of the code of a vector with so many components. */
export function codeBytes(dimensions: number): number {
  return Math.ceil(dimensions / 8)
}

/**
 * Writes, where there are zeros, a bit for each component, the lowest bit of the first byte for the first: whether it is positive. Two vectors that point the same
 * way have nearly the same bits.
 */
export function writeCode(vector: Float32Array, code: Uint8Array, start: number): void {
  for (let at = 0; at < vector.length; at++) {
    const bit = (vector[at] as number) > 0 ? 1 : 0
    const place = start + (at >> 3)
    code[place] = (code[place] as number) | (bit << (at & 7))
  }
}

/** The codes of vectors, one after the other. */
export function codesOf(vectors: readonly Float32Array[]): Uint8Array {
  const starts = vectors.reduce((sum, { length }) => sum + codeBytes(length), 0)
  const codes = new Uint8Array(starts)
  let start = 0
  for (const vector of vectors) {
    writeCode(vector, codes, start)
    start += codeBytes(vector.length)
  }
  return codes
}
