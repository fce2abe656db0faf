import { inTurns } from './in-turns.js'
import { Turns, type TurnWatch } from './turns.js'

/** Items that are sorted at once, within a few milliseconds. */
const RUN = 4_096

/** A sorted copy of a list of any length; lets others have their turn in between. Equal items stay in their order. */
export async function sortInTurns<Item>(
  items: readonly Item[],
  compare: (a: Item, b: Item) => number,
  watch: TurnWatch,
): Promise<Item[]> {
  const turns = new Turns(watch, items.length)
  let runs: Item[][] = []
  for (let start = 0; start < items.length; start += RUN) {
    runs.push(items.slice(start, start + RUN).sort(compare))
    await turns.next(start)
  }
  while (runs.length > 1) {
    const merged: Item[][] = []
    for (let at = 0; at < runs.length; at += 2)
      merged.push(await merge(runs[at] as Item[], runs[at + 1] ?? [], compare, watch))
    runs = merged
  }
  return runs[0] ?? []
}

async function merge<Item>(
  left: readonly Item[],
  right: readonly Item[],
  compare: (a: Item, b: Item) => number,
  watch: TurnWatch,
): Promise<Item[]> {
  const merged: Item[] = []
  let [first, second] = [0, 0]
  const isLeftNext = (): boolean =>
    first < left.length &&
    (second === right.length || compare(left[first] as Item, right[second] as Item) <= 0)
  await inTurns(
    left.length + right.length,
    () => merged.push((isLeftNext() ? left[first++] : right[second++]) as Item),
    watch,
  )
  return merged
}
