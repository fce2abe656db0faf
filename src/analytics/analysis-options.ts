import type { GraphOptions } from '../backends/graph-backend.js'
import type { GraphRunOptions } from '../graph/graph-view.js'

/**
 * Which part of the graph an analysis is about, as options of `graph()`, and how long it is watched and stopped. For a scope, give it
 * a view of `scoped()`.
 */
export type AnalysisOptions = Omit<GraphOptions, 'scope' | 'direction'> & GraphRunOptions

/** What decides which nodes form a community, as options of `communities()`. */
export type CommunityChoice = {
  readonly seed?: number | null | undefined
  readonly resolution?: number | null | undefined
}
