import type { NodeTitles } from '../../model/graph-export-options.js'
import type { GraphRunOptions } from '../graph-view.js'
import { turnsOf } from '../turns/turns-of.js'

const IDS_AT_A_TIME = 1_000

/** Finds what some nodes are called; a node without a title is called by its id. */
export async function findTitles(
  titles: NodeTitles,
  ids: readonly string[],
  run: GraphRunOptions,
): Promise<(id: string) => string> {
  const turns = turnsOf(run, 'titles', ids.length)
  const found = new Map<string, string>()
  for (let start = 0; start < ids.length; start += IDS_AT_A_TIME) {
    const page = ids.slice(start, start + IDS_AT_A_TIME)
    const known = typeof titles === 'function' ? await titles(page) : titles
    for (const id of page) {
      const title = known.get(id)
      if (title !== undefined && title !== '') found.set(id, title)
    }
    await turns.next(start + page.length)
  }
  return (id) => found.get(id) ?? id
}
