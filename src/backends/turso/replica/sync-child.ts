import { type ChildProcess, fork } from 'node:child_process'
import { setTimeout as delay } from 'node:timers/promises'
import type { PrimaryOptions } from '../primary/primary.js'
import type { SyncProcessMessage, SyncStart, TokenMessage } from './sync-messages.js'
import { SYNC_PROCESS } from './sync-process-url.js'

/** Gives the token of the moment. */
export type TokenSource = PrimaryOptions['token']

/** What a process that was started says first, or that something ended it before it could say anything. */
export type StartOutcome =
  | Exclude<SyncProcessMessage, { kind: 'token?' }>
  | { readonly kind: 'killed'; readonly reason: string }

type Failure = Extract<SyncProcessMessage, { kind: 'failed' }>

/** How long a process may take to start to listen. */
const START_TIMEOUT_MS = 60_000
/** How long a process that is told to end may take. */
const END_TIMEOUT_MS = 500
const TOKEN_TIMEOUT_MS = 2_000

/**
 * A process that syncs, started here. What it needs to know goes over a channel that only the two have. It keeps neither this
 * process alive nor itself when this one ends.
 */
export class SyncChild {
  /** What it says first. */
  readonly started: Promise<StartOutcome>
  readonly #process: ChildProcess
  readonly #token: TokenSource
  #failure: Failure | null = null

  private constructor(process: ChildProcess, token: TokenSource) {
    this.#process = process
    this.#token = token
    process.on('message', (message: SyncProcessMessage) => this.#receive(message))
    this.started = firstWord(process)
    process.unref()
    process.channel?.unref()
  }

  /** Starts a process. */
  static async start(start: Omit<SyncStart, 'token'>, token: TokenSource): Promise<SyncChild> {
    const message: SyncStart = { ...start, token: await tokenOrNone(token) }
    const process = fork(SYNC_PROCESS, [], {
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      env: environment(),
      execArgv: [],
    })
    process.send(message)
    return new SyncChild(process, token)
  }

  /** Why it ended, if it said so; waits a moment for it to do so. */
  async lastWord(): Promise<Failure | null> {
    if (this.#failure === null && this.#process.connected) {
      const disconnected = new Promise((resolve) => this.#process.once('disconnect', resolve))
      await Promise.race([disconnected, delay(END_TIMEOUT_MS, undefined, { ref: false })])
    }
    return this.#failure
  }

  /** Ends it at once, which is proven harmless, unlike waiting for a call that the network holds. */
  async kill(): Promise<void> {
    const child = this.#process
    if (child.exitCode !== null || child.signalCode !== null) return
    child.ref() // else this process might end while it waits
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
    const stopped = new AbortController()
    child.kill('SIGKILL')
    const tooLong = delay(END_TIMEOUT_MS, undefined, { signal: stopped.signal }).catch(() => undefined)
    await Promise.race([ended, tooLong])
    stopped.abort()
  }

  #receive(message: SyncProcessMessage): void {
    if (message.kind === 'failed') this.#failure = message
    if (message.kind === 'token?') void this.#sendToken()
  }

  async #sendToken(): Promise<void> {
    const token = await tokenOrNone(this.#token)
    if (this.#process.connected) this.#process.send({ kind: 'token', token } satisfies TokenMessage)
  }
}

function firstWord(child: ChildProcess): Promise<StartOutcome> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      child.kill('SIGKILL')
      resolve({ kind: 'killed', reason: 'the process that syncs did not start in time' })
    }, START_TIMEOUT_MS)
    timer.unref()
    const settle = (outcome: StartOutcome): void => {
      clearTimeout(timer)
      resolve(outcome)
    }
    child.once('message', (message) => settle(message as StartOutcome))
    // What could not be sent to a process that runs, or ran, says no more than that something ended it.
    child.on('error', ({ message: reason }) =>
      settle(
        child.pid === undefined ? { kind: 'failed', reason, isWrongKey: false } : { kind: 'killed', reason },
      ),
    )
    child.once('exit', (code, signal) =>
      settle({ kind: 'killed', reason: `the process that syncs ended at its start (${signal ?? code})` }),
    )
  })
}

/** The token of the moment, if it can be had soon: requests of our own tell what is wrong with it. */
async function tokenOrNone(source: TokenSource): Promise<string | undefined> {
  const token = (async () => source?.())().catch(() => undefined)
  const stopped = new AbortController()
  const tooLong = delay(TOKEN_TIMEOUT_MS, undefined, { signal: stopped.signal }).catch(() => undefined)
  return Promise.race([token, tooLong]).finally(() => stopped.abort())
}

/** What a process needs of its surroundings to reach a primary; nothing that may be a secret. */
const PASSED_ON =
  /^(PATH|HOME|TMPDIR|TEMP|TMP|SYSTEMROOT|LD_LIBRARY_PATH|DYLD_LIBRARY_PATH|SSL_CERT_FILE|SSL_CERT_DIR)$/i

function environment(): NodeJS.ProcessEnv {
  const passed = Object.entries(process.env).filter(([name]) => PASSED_ON.test(name))
  return { ...Object.fromEntries(passed), RUST_LOG: 'off' }
}
