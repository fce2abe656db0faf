import { Worker } from 'node:worker_threads'
import { BackendError } from '../../errors.js'
import { onAbort } from '../turns/on-abort.js'
import { abortedBy } from '../turns/throw-if-aborted.js'
import type { TurnWatch } from '../turns/turns.js'
import type { TaskAnswer, TaskRequest } from './task-messages.js'
import { TASK_WORKER } from './task-worker-url.js'

type Settle = { readonly resolve: (result: unknown) => void; readonly reject: (error: unknown) => void }

/** A thread that works on one task at a time. It ends with one that fails or is stopped. */
export class TaskThread {
  readonly #worker: Worker
  readonly #onEnd: (thread: TaskThread) => void
  #task: (Settle & Pick<TurnWatch, 'report'>) | null = null
  #timer: NodeJS.Timeout | undefined

  /** `onEnd` is told when it ends, for whatever reason: from then on it takes no task. */
  constructor(onEnd: (thread: TaskThread) => void) {
    this.#onEnd = onEnd
    this.#worker = startWorker()
    this.#worker.on('message', (answer: TaskAnswer) => this.#take(answer))
    this.#worker.on('messageerror', (error) => this.#fail(failed(error)))
    this.#worker.on('error', (error) => this.#fail(failed(error)))
    this.#worker.on('exit', (code) => {
      this.#fail(new BackendError(`The thread that worked on the graph ended (code ${code}): try again`))
    })
  }

  /** Does a task. Keeps the process alive meanwhile. */
  async run(request: TaskRequest, { signal, report }: TurnWatch): Promise<unknown> {
    clearTimeout(this.#timer)
    const leave = onAbort(signal, () => this.#fail(abortedBy(signal as AbortSignal)))
    this.#worker.ref()
    try {
      return await new Promise((resolve, reject) => {
        this.#task = { resolve, reject, report }
        this.#worker.postMessage(request)
      })
    } catch (error) {
      this.#fail(error)
      throw error
    } finally {
      leave()
      this.#worker.unref()
    }
  }

  /** Ends the thread after some time, unless there is another task by then. */
  endAfter(milliseconds: number): void {
    this.#timer = setTimeout(() => this.#end(), milliseconds).unref()
  }

  #take(answer: TaskAnswer): void {
    if (answer.kind === 'failed') this.#fail(failed(answer.error))
    else if (answer.kind === 'done') {
      this.#task?.resolve(answer.result)
      this.#task = null
    } else {
      try {
        this.#task?.report?.(answer.done, answer.total)
      } catch (error) {
        this.#fail(error)
      }
    }
  }

  #fail(error: unknown): void {
    this.#task?.reject(error)
    this.#task = null
    this.#end()
  }

  #end(): void {
    this.#onEnd(this)
    void this.#worker.terminate()
  }
}

function startWorker(): Worker {
  try {
    return new Worker(TASK_WORKER, {
      execArgv: [], // those of this process are for its own program
      stdout: true,
      stderr: true,
    })
  } catch (error) {
    throw failed(error)
  }
}

function failed(error: unknown): BackendError {
  const message = error instanceof Error ? error.message : String(error)
  return new BackendError(`The thread that worked on the graph failed: ${message}`, { cause: error })
}
