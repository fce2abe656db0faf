import type { GraphRunOptions } from '../graph/graph-view.js'
import { interruptible } from './interruptible.js'
import type { Output } from './output.js'
import { openProgress } from './progress.js'

/** Does work that shows how it gets on where somebody may be watching, and that Ctrl-C ends. */
export async function watched<Result>(
  output: Output,
  label: string,
  work: (run: Required<GraphRunOptions>) => Promise<Result>,
): Promise<Result> {
  const { onProgress, close } = openProgress(output, label)
  return interruptible((signal) => work({ onProgress, signal }).finally(close))
}
