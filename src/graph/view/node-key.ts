import type { ReadonlyGraph } from '../graph-view.js'

/**
 * The key of a node: its id. graphology and its packages keep nodes as members of plain objects, where an id such as `constructor` or
 * `__proto__` would meet what every object inherits, so that such a one gets marks in front until it is like no other id.
 */
export function nodeKey(id: string, isId: (text: string) => boolean): string {
  if (!(id in Object.prototype)) return id
  let key = `#${id}`
  while (isId(key)) key = `#${key}`
  return key
}

/** The key of the node with an id; `undefined` where there is none. */
export function keyOfNode(graph: ReadonlyGraph, id: string): string | undefined {
  for (let key = id; graph.hasNode(key) || key in Object.prototype; key = `#${key}`)
    if (graph.hasNode(key) && graph.getNodeAttribute(key, 'id') === id) return key
  return undefined
}
