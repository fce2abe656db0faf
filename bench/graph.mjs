import { join } from 'node:path'

/** The large file: built once a run, read by several sections. */
export const GRAPH = Object.freeze({
  memories: 100_000,
  relationships: 300_000,
  hub: 50_000,
  hubDegree: 1_000,
})

/** Where the large file is. */
export function graphPath(folder) {
  return join(folder, 'graph.db')
}
