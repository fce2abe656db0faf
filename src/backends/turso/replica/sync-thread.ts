import { Worker } from 'node:worker_threads'
import type { SyncStart, WorkerReply, WorkerRequest } from './sync-messages.js'

/** The thread that holds the handle on a replica; it is started when it is first asked, and again after it ended. */
export class SyncThread {
  #worker: Worker | null = null

  /** Asks the thread, one question at a time. What ends it is an answer too. */
  ask(start: SyncStart, request: WorkerRequest): Promise<WorkerReply> {
    const worker = this.#worker ?? this.#begin(start)
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
  async close(start: SyncStart): Promise<void> {
    const worker = this.#worker
    if (!worker) return
    await this.ask(start, { kind: 'close' })
    await worker.terminate()
  }

  #begin(start: SyncStart): Worker {
    const worker = new Worker(new URL('./sync-worker.js', import.meta.url), {
      workerData: start,
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
