import type { CompactGraph } from '../snapshot/compact-graph.js'
import type { GraphTaskName, GraphTaskOptions, GraphTaskResult } from './graph-task.js'

/** What a thread is asked. */
export type TaskRequest<Name extends GraphTaskName = GraphTaskName> = {
  readonly name: Name
  readonly graph: CompactGraph
  /** The same for the same graph. */
  readonly graphNumber: number
  readonly options: GraphTaskOptions<Name>
  readonly isWatched: boolean
}

/** What it answers: one of the last two at the end. */
export type TaskAnswer =
  | { readonly kind: 'progress'; readonly done: number; readonly total: number }
  | { readonly kind: 'done'; readonly result: GraphTaskResult<GraphTaskName> }
  | { readonly kind: 'failed'; readonly error: unknown }
