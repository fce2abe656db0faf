/**
 * The places of the `count` least numbers, in the order of their places, without sorting all: those of the first places among the
 * greatest of them. Numbers are whole, from 0 up to `most`.
 */
export function leastOf(numbers: Uint16Array, count: number, most: number): number[] {
  const places: number[] = []
  if (count <= 0) return places
  const counts = new Uint32Array(most + 1)
  for (let at = 0; at < numbers.length; at++) (counts[numbers[at] as number] as number)++
  let limit = 0
  let below = 0
  while (limit < most && below + (counts[limit] as number) < count) below += counts[limit++] as number
  let left = count - below
  for (let at = 0; at < numbers.length; at++) {
    const number = numbers[at] as number
    if (number < limit || (number === limit && left-- > 0)) places.push(at)
  }
  return places
}

const STEPS = 4095

/** The places of the `count` greatest of some numbers, as exactly as 4,095 steps from the least to the greatest tell them apart. */
export function greatestOf(numbers: Float32Array, count: number): number[] {
  let least = Number.POSITIVE_INFINITY
  let greatest = Number.NEGATIVE_INFINITY
  for (let at = 0; at < numbers.length; at++) {
    const number = numbers[at] as number
    if (number < least) least = number
    if (number > greatest) greatest = number
  }
  const scale = greatest > least ? STEPS / (greatest - least) : 0
  const steps = new Uint16Array(numbers.length)
  for (let at = 0; at < numbers.length; at++) steps[at] = (greatest - (numbers[at] as number)) * scale
  return leastOf(steps, count, STEPS)
}
