import type { GraphBackend } from '../backends/graph-backend.js'

/** What finds the titles of nodes: of memories their titles, of others a property `title`, or else `name`. One without either has none. */
export function nodeTitles(
  backend: Pick<GraphBackend, 'getNodes'>,
): (ids: readonly string[]) => Promise<Map<string, string>> {
  return async (ids) => {
    const titles = new Map<string, string>()
    for (const { id, properties } of await backend.getNodes(ids)) {
      const title = [properties['title'], properties['name']].find((value) => typeof value === 'string')
      if (typeof title === 'string') titles.set(id, title)
    }
    return titles
  }
}
