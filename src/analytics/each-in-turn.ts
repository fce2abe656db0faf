import type { GraphRunOptions } from '../graph/graph-view.js'
import { turnsOf } from '../graph/turns/turns-of.js'

/**
 * Goes through items while others get their turn, and tells how far it is.
 *
 * @throws `MG_ABORTED`
 */
export async function* eachInTurn<Item>(
  items: Iterable<Item> | AsyncIterable<Item>,
  phase: string,
  count: number | null,
  run: GraphRunOptions,
): AsyncGenerator<Item, void, undefined> {
  const turns = turnsOf(run, phase, count)
  let done = 0
  for await (const item of items) {
    yield item
    await turns.next(++done)
  }
  run.onProgress?.({ done, total: done, phase })
}
