import { Worker } from 'node:worker_threads'
import { BackendError, MemoryError } from '../../../errors.js'
import type { MaintenanceMessage, MaintenanceResult, MaintenanceTask } from './maintenance-messages.js'
import { MAINTENANCE_WORKER } from './maintenance-worker-url.js'

/** How work in a thread is watched, and stopped. */
export type ThreadOptions = {
  readonly onBytes?: ((done: number, total: number) => void) | undefined
  readonly signal?: AbortSignal | undefined
}

/**
 * Runs a task in a thread of its own, so that the event loop does not wait for it. When this settles the thread has ended.
 *
 * @throws `MG_ABORTED` the signal fired · errors with the engine's or the system's code, still to be translated
 */
export async function runInThread<Kind extends MaintenanceTask['kind']>(
  task: MaintenanceTask & { readonly kind: Kind },
  { onBytes, signal }: ThreadOptions = {},
): Promise<MaintenanceResult[Kind]> {
  const worker = new Worker(MAINTENANCE_WORKER, {
    workerData: task,
    execArgv: [], // those of this process are for its own program
    stdout: true,
    stderr: true,
  })
  let last: MaintenanceMessage | null = null
  const stop = (): void => worker.postMessage('stop')
  signal?.addEventListener('abort', stop)
  try {
    await new Promise<void>((resolve, reject) => {
      worker.on('message', (message: MaintenanceMessage) => {
        if (message.kind === 'progress') onBytes?.(message.done, message.total)
        else last = message
      })
      worker.once('error', reject)
      worker.once('exit', () => resolve())
    })
  } finally {
    signal?.removeEventListener('abort', stop)
  }
  return resultOf(last, signal) as MaintenanceResult[Kind]
}

function resultOf(last: MaintenanceMessage | null, signal: AbortSignal | undefined): unknown {
  if (last?.kind === 'done') return last.result
  if (last?.kind === 'stopped') {
    throw new MemoryError('Aborted by the caller: nothing was left behind', {
      code: 'MG_ABORTED',
      cause: signal?.reason,
    })
  }
  if (last?.kind !== 'failed') throw new BackendError('The thread that works on the file ended: try again')
  const { message, code, syscall } = last
  throw Object.assign(new Error(message), { code }, syscall === undefined ? {} : { syscall })
}
