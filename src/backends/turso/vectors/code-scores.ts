/** What each byte of a code adds to the dot product of a query with the signs that the code stands for. */
export type ScoreTable = Float32Array

const BYTE_VALUES = 256

/** Computes a table of 256 values for each byte of a code. */
export function scoreTable(query: Float32Array): ScoreTable {
  const bytes = Math.ceil(query.length / 8)
  const table = new Float32Array(bytes * BYTE_VALUES)
  for (let byte = 0; byte < bytes; byte++) {
    const start = byte * BYTE_VALUES
    for (let value = 1; value < BYTE_VALUES; value++) {
      const lowest = 31 - Math.clz32(value & -value)
      const component = query[byte * 8 + lowest] ?? 0
      table[start + value] = (table[start + (value & (value - 1))] as number) + component
    }
  }
  return table
}

/**
 * How well the code that starts at a byte fits a query of which every component is known: more tells the near from the nearest than
 * bits that differ do. Scores compare with each other alone.
 */
export function scoreOf(codes: Uint8Array, start: number, table: ScoreTable): number {
  let sum = 0
  for (let place = start, at = 0; at < table.length; place++, at += BYTE_VALUES)
    sum += table[at + (codes[place] as number)] as number
  return sum
}
