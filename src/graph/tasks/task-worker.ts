import { parentPort } from 'node:worker_threads'
import type { ReportProgress } from '../algorithms/report-progress.js'
import type { CompactGraph } from '../snapshot/compact-graph.js'
import type { GraphTask, GraphTaskName } from './graph-task.js'
import { GRAPH_TASKS } from './graph-tasks.js'
import type { TaskAnswer, TaskRequest } from './task-messages.js'

/* A thread that works on graphs, one task after the other. */

const REPORT_EVERY_MS = 50

/** What was made of a graph for one task is there for the next one. */
let latest: { readonly number: number; readonly graph: CompactGraph } | null = null

const tell = (answer: TaskAnswer, transferred: ArrayBuffer[] = []): void =>
  parentPort?.postMessage(answer, transferred)

function reporter(): ReportProgress {
  let told = performance.now()
  return (done, total) => {
    const now = performance.now()
    if (now - told < REPORT_EVERY_MS) return
    told = now
    tell({ kind: 'progress', done, total })
  }
}

/** The memory of the arrays in a result, which is handed over instead of copied. */
function buffersOf(result: unknown): ArrayBuffer[] {
  const values = typeof result === 'object' && result !== null ? [result, ...Object.values(result)] : []
  return [...new Set(values.filter(ArrayBuffer.isView).map(({ buffer }) => buffer))].filter(
    (buffer) => buffer instanceof ArrayBuffer,
  )
}

parentPort?.on('message', ({ name, graph, graphNumber, options, isWatched }: TaskRequest) => {
  try {
    if (latest?.number !== graphNumber) latest = { number: graphNumber, graph }
    const run = GRAPH_TASKS[name] as GraphTask<unknown, ReturnType<(typeof GRAPH_TASKS)[GraphTaskName]>>
    const result = run(latest.graph, options, isWatched ? reporter() : undefined)
    tell({ kind: 'done', result }, buffersOf(result))
  } catch (error) {
    tell({ kind: 'failed', error })
  }
})
