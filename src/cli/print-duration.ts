const UNITS: readonly [unit: string, milliseconds: number][] = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1000],
]

/** A span of time for people, in its greatest unit. */
export function printDuration(milliseconds: number): string {
  const [unit, size] = UNITS.find(([, length]) => milliseconds >= length) ?? ['ms', 1]
  const count = milliseconds / size
  return `${count < 10 && size > 1 ? count.toFixed(1) : count.toFixed(0)} ${unit}`
}
