import type { CompactGraph } from '../snapshot/compact-graph.js'
import { hasSteps, keepSteps, type Steps, stepsOf, type WalkDirection } from '../snapshot/steps.js'
import type { TurnWatch } from '../turns/turns.js'
import { runTask } from './run-task.js'

/** The steps of a graph in a direction; those of a great one are made in a thread. */
export async function loadSteps(
  graph: CompactGraph,
  direction: WalkDirection,
  watch: TurnWatch,
): Promise<Steps> {
  if (!hasSteps(graph, direction))
    keepSteps(graph, direction, await runTask('steps', graph, { direction }, watch))
  return stepsOf(graph, direction)
}
