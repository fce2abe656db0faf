/** How many letters two words differ by: one is put in, left out, replaced, or swapped with the next. */
export function editDistance(a: string, b: string): number {
  const [from, to] = [[...a], [...b]]
  let earlier: number[] = []
  let before = Array.from({ length: to.length + 1 }, (_, at) => at)
  for (let row = 1; row <= from.length; row++) {
    const present = [row]
    for (let column = 1; column <= to.length; column++) {
      const isSame = from[row - 1] === to[column - 1]
      const isSwapped = from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1]
      present[column] = Math.min(
        at(before, column) + 1,
        at(present, column - 1) + 1,
        at(before, column - 1) + Number(!isSame),
        isSwapped && row > 1 && column > 1 ? at(earlier, column - 2) + 1 : Number.POSITIVE_INFINITY,
      )
    }
    earlier = before
    before = present
  }
  return at(before, to.length)
}

function at(row: readonly number[], index: number): number {
  return row[index] as number
}
