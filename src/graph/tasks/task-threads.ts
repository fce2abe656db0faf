import { availableParallelism } from 'node:os'
import { onAbort } from '../turns/on-abort.js'
import { abortedBy, throwIfAborted } from '../turns/throw-if-aborted.js'
import type { TurnWatch } from '../turns/turns.js'
import type { TaskRequest } from './task-messages.js'
import { TaskThread } from './task-thread.js'

/** Tasks that run at the same time; more wait for one of them to end. */
export const MOST_AT_ONCE: number = Math.max(4, availableParallelism())
const DEFAULT_IDLE_MS = 5_000

/** Threads for long tasks, each in one of its own; one that is done with its task takes the next. */
export class TaskThreads {
  #idle: TaskThread[] = []
  readonly #waiting = new Set<() => void>()
  readonly #idleMs: number
  #running = 0

  /** `idleMs` is how long a thread that has nothing to do waits for something. */
  constructor(idleMs: number = DEFAULT_IDLE_MS) {
    this.#idleMs = idleMs
  }

  async run(request: TaskRequest, watch: TurnWatch): Promise<unknown> {
    if (this.#running < MOST_AT_ONCE) this.#running++
    else await this.#someEnd(watch.signal)
    try {
      throwIfAborted(watch.signal)
      const thread = this.#idle.pop() ?? new TaskThread((ended) => this.#remove(ended))
      const result = await thread.run(request, watch)
      this.#idle.push(thread)
      thread.endAfter(this.#idleMs)
      return result
    } finally {
      const [next] = this.#waiting
      if (next) next()
      else this.#running--
    }
  }

  /** Waits for some task to end, whose place is then this one's. */
  #someEnd(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const settle = (): void => {
        this.#waiting.delete(settle)
        leave()
        if (signal?.aborted) reject(abortedBy(signal))
        else resolve()
      }
      this.#waiting.add(settle)
      const leave = onAbort(signal, settle)
    })
  }

  #remove(thread: TaskThread): void {
    this.#idle = this.#idle.filter((idle) => idle !== thread)
  }
}
