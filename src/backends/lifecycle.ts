import { DatabaseConnectionError } from '../errors.js'

/** How long closing waits before it gives up on what waits for a network. */
const PATIENCE_MS = 1_500

type State = 'closed' | 'connected' | 'ready'

/** The states a backend goes through, one change after the other, and the operations that closing waits for. */
export class Lifecycle {
  #state: State = 'closed'
  /** Calls of `disconnect` that have not ended. */
  #closing = 0
  #change: Promise<unknown> = Promise.resolve()
  #running = 0
  #onIdle: (() => void) | null = null

  get isConnected(): boolean {
    return this.#state !== 'closed'
  }

  get isReady(): boolean {
    return this.#state === 'ready'
  }

  /** Opens what is closed; `open` resolves to whether it is ready for operations. */
  connect(open: () => Promise<boolean>): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#state === 'closed') this.#state = (await open()) ? 'ready' : 'connected'
    })
  }

  /** Makes what is connected ready for operations. */
  makeReady(prepare: () => Promise<void>): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#state === 'closed') throw notConnected('Call connect() first')
      await prepare()
      this.#state = 'ready'
    })
  }

  /**
   * Refuses new operations at once, waits for those that are running and for `finish`, then closes. While they take long, `abandon`
   * is called now and then, to end what may never end by itself.
   */
  async disconnect(
    finish: () => Promise<void>,
    close: () => Promise<void>,
    abandon: () => void,
  ): Promise<void> {
    this.#closing++
    try {
      await this.#inTurn(async () => {
        if (this.#state === 'closed') return
        const timer = setInterval(abandon, PATIENCE_MS)
        try {
          await this.#idle()
          await finish()
        } finally {
          clearInterval(timer)
        }
        this.#state = 'closed'
        await close()
      })
    } finally {
      this.#closing--
    }
  }

  /** Runs an operation that closing waits for. */
  async run<Result>(operation: () => Promise<Result>): Promise<Result> {
    this.requireReady()
    this.#running++
    try {
      return await operation()
    } finally {
      if (--this.#running === 0) this.#onIdle?.()
    }
  }

  requireReady(): void {
    this.requireConnected()
    if (this.#state === 'connected') {
      throw notConnected('Its schema is not complete: call initializeSchema() first')
    }
  }

  requireConnected(): void {
    if (this.#state === 'closed' || this.#closing > 0) throw notConnected('Call connect() first')
  }

  #idle(): Promise<void> {
    if (this.#running === 0) return Promise.resolve()
    return new Promise((resolve) => {
      this.#onIdle = () => {
        this.#onIdle = null
        resolve()
      }
    })
  }

  // One change after the other, whatever became of the one before.
  #inTurn(work: () => Promise<void>): Promise<void> {
    const turn = this.#change.then(work, work)
    this.#change = turn.catch(() => undefined)
    return turn
  }
}

function notConnected(remedy: string): DatabaseConnectionError {
  return new DatabaseConnectionError(`The backend is not connected. ${remedy}.`, { code: 'MG_NOT_CONNECTED' })
}
