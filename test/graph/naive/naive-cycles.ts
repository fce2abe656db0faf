import { byLengthThenNumbers, type NaiveSteps } from './naive-graph.js'

/** The nodes along each cycle that meets no node twice, from its least: shortest first, then by number. */
export function naiveCycles(steps: NaiveSteps, maxLength: number): number[][] {
  const cycles: number[][] = []
  const goOn = (path: number[]): void => {
    const start = path[0] as number
    for (const next of new Set((steps.get(path.at(-1) as number) ?? []).map(({ to }) => to))) {
      if (next === start) cycles.push([...path, start])
      else if (next > start && !path.includes(next) && path.length < maxLength) goOn([...path, next])
    }
  }
  for (const start of steps.keys()) goOn([start])
  return cycles.sort(byLengthThenNumbers)
}
