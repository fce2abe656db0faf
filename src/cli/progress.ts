import type { SingleBar } from 'cli-progress'
import type { Progress } from '../backends/graph-backend.js'
import type { Output } from './output.js'

/** A progress bar that appears when work takes long and somebody may be watching. */
export type ProgressDisplay = {
  readonly onProgress: (progress: Progress) => void
  readonly close: () => void
}

const PATIENCE_MS = 300
const BAR_WIDTH = 30

/** Makes ready to show how work gets on. `close` takes the bar away. */
export function openProgress(output: Output, label: string): ProgressDisplay {
  const startedAt = performance.now()
  let bar: SingleBar | undefined
  let state: 'waiting' | 'loading' | 'open' | 'closed' = output.showsProgress ? 'waiting' : 'closed'
  let latest: Progress = { done: 0, total: null, phase: '' }

  const open = async (): Promise<void> => {
    const { default: progress } = await import('cli-progress')
    if (state !== 'loading') return
    state = 'open'
    bar = new progress.SingleBar({
      format: `${label} {bar} {percentage}% {value}/{total}`,
      stream: process.stderr,
      barsize: BAR_WIDTH,
      barCompleteChar: '#',
      barIncompleteChar: '-',
      clearOnComplete: true,
      gracefulExit: false,
    })
    bar.start(latest.total ?? latest.done, latest.done)
  }

  return {
    onProgress: (progress) => {
      latest = progress
      if (state === 'waiting' && performance.now() - startedAt > PATIENCE_MS) {
        state = 'loading'
        open().catch(() => undefined) // work goes on without a bar
      }
      bar?.setTotal(progress.total ?? progress.done)
      bar?.update(progress.done)
    },
    close: () => {
      state = 'closed'
      bar?.stop()
      bar = undefined
    },
  }
}
