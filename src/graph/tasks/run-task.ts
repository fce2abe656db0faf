import { breathe, TURN_MS } from '../../breathe.js'
import type { CompactGraph } from '../snapshot/compact-graph.js'
import { throwIfAborted } from '../turns/throw-if-aborted.js'
import type { TurnWatch } from '../turns/turns.js'
import type { GraphTaskName, GraphTaskOptions, GraphTaskResult } from './graph-task.js'
import { taskCost } from './task-cost.js'
import { TaskThreads } from './task-threads.js'

const threads = new TaskThreads()
const numbers = new WeakMap<CompactGraph, number>()
let greatestNumber = 0

/**
 * Works on a graph: at once where that takes no longer than a turn, else in a thread, so that the event loop is not held.
 *
 * @throws `MG_ABORTED` · `MG_INTERNAL` the thread ended · what `report` throws
 */
export async function runTask<Name extends GraphTaskName>(
  name: Name,
  graph: CompactGraph,
  options: GraphTaskOptions<Name>,
  { signal, report }: TurnWatch = {},
): Promise<GraphTaskResult<Name>> {
  throwIfAborted(signal)
  if (taskCost(name, graph, options) > TURN_MS) {
    const request = { name, graph, graphNumber: numberOf(graph), options, isWatched: report !== undefined }
    return (await threads.run(request, { signal, report })) as GraphTaskResult<Name>
  }
  await breathe()
  const { GRAPH_TASKS } = await import('./graph-tasks.js')
  throwIfAborted(signal)
  return GRAPH_TASKS[name](graph, options as never) as GraphTaskResult<Name>
}

function numberOf(graph: CompactGraph): number {
  const number = numbers.get(graph) ?? ++greatestNumber
  numbers.set(graph, number)
  return number
}
