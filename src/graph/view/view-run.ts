import type { GraphRunOptions } from '../graph-view.js'
import type { GraphSnapshot } from '../snapshot/graph-snapshot.js'
import type { GraphTaskName, GraphTaskOptions, GraphTaskResult } from '../tasks/graph-task.js'
import { runTask } from '../tasks/run-task.js'
import { throwIfAborted } from '../turns/throw-if-aborted.js'
import type { TurnWatch } from '../turns/turns.js'
import type { GraphSource } from './graph-source.js'

/** One call of a view: what it sees, and how it is watched. */
export class ViewRun {
  readonly snapshot: GraphSnapshot
  readonly watch: TurnWatch

  private constructor(phase: string, snapshot: GraphSnapshot, options: GraphRunOptions) {
    const { signal, onProgress } = options
    this.snapshot = snapshot
    this.watch = { signal, report: onProgress && ((done, total) => onProgress({ done, total, phase })) }
  }

  /** What `work` makes of what a source has now. Tells at the end that all is done. */
  static async over<Result>(
    source: GraphSource,
    phase: string,
    { signal, onProgress }: GraphRunOptions,
    work: (run: ViewRun) => Promise<Result> | Result,
  ): Promise<Result> {
    throwIfAborted(signal)
    const snapshot = await source.snapshot({ signal, onProgress })
    const run = new ViewRun(phase, snapshot, { signal, onProgress })
    const result = await work(run)
    throwIfAborted(signal)
    run.watch.report?.(snapshot.graph.order, snapshot.graph.order)
    return result
  }

  task<Name extends GraphTaskName>(
    name: Name,
    options: GraphTaskOptions<Name>,
  ): Promise<GraphTaskResult<Name>> {
    return runTask(name, this.snapshot.graph, options, this.watch)
  }
}
