import { Worker } from 'node:worker_threads'
import type { SyncStart, WorkerReply, WorkerRequest } from './sync-messages.js'

/** The thread that holds the handle on a replica; it is started when it is first asked, and again after it ended. */
export class SyncThread {
  readonly #start: () => SyncStart
  #worker: Worker | null = null

  /** `start` is asked whenever the thread is started. */
  constructor(start: () => SyncStart) {
    this.#start = start
  }

  /** Asks the thread, one question at a time. What ends it is an answer too. */
  ask(request: WorkerRequest): Promise<WorkerReply> {
    const worker = this.#worker ?? this.#begin()
    return new Promise((resolve) => {
      const settle = (reply: WorkerReply): void => {
        worker.off('message', settle).off('error', fail).off('exit', exit)
        resolve(reply)
      }
      const fail = (error: Error): void => settle({ kind: 'error', message: error.message })
      const exit = (): void => settle({ kind: 'error', message: 'The thread that syncs ended' })
      worker.on('message', settle).on('error', fail).on('exit', exit)
      worker.postMessage(request)
    })
  }

  /** Closes the handle and ends the thread. */
  async close(): Promise<void> {
    const worker = this.#worker
    if (!worker) return
    await this.ask({ kind: 'close' })
    await worker.terminate()
  }

  #begin(): Worker {
    const worker = new Worker(new URL('./sync-worker.js', import.meta.url), {
      workerData: this.#start(),
      stdout: true,
      stderr: true,
    })
    worker.once('exit', () => {
      if (this.#worker === worker) this.#worker = null
    })
    this.#worker = worker
    return worker
  }
}
