import { AsyncLocalStorage } from 'node:async_hooks'
import { MemoryError } from '../errors.js'
import type { GraphTransaction } from './graph-backend.js'
import type { GraphWriter } from './graph-driver.js'
import { GraphSession, type SessionLimits, type StoreAccess } from './graph-session.js'
import { WriteQueue } from './write-queue.js'

/** A transaction whose work is running: by which backend, on which store, and inside which other one. */
type Running = {
  active: boolean
  readonly owner: object
  readonly store: object
  readonly outer: Running | undefined
}

const running = new AsyncLocalStorage<Running>()

/** Whether the caller is inside the work of a transaction on this store. */
export function isInTransactionOn(store: object): boolean {
  return isInside((transaction) => transaction.store === store)
}

/** Whether the caller is inside the work of a transaction of this backend. */
export function isInTransactionOf(owner: object): boolean {
  return isInside((transaction) => transaction.owner === owner)
}

function isInside(matches: (transaction: Running) => boolean): boolean {
  for (let current = running.getStore(); current; current = current.outer) {
    if (current.active && matches(current)) return true
  }
  return false
}

/** Runs a caller's work over one atomic write, with a time limit; afterwards its handle refuses everything. */
export async function runTransaction<Result>(
  writer: GraphWriter,
  owner: object,
  store: object,
  work: (tx: GraphTransaction) => Promise<Result>,
  timeoutMs: number,
  limits: SessionLimits,
  recorded: (access: StoreAccess) => StoreAccess = (access) => access,
): Promise<Result> {
  const state: Running = { active: true, owner, store, outer: running.getStore() }
  const deadline = performance.now() + timeoutMs
  const writes = new WriteQueue()
  const access = accessOf(guard(writer, state, deadline, timeoutMs), writes)
  const session = new GraphSession(recorded(access), limits)
  let timer: NodeJS.Timeout | undefined
  const timeout = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(tooSlow(timeoutMs)), timeoutMs)
  })
  try {
    const result = await Promise.race([running.run(state, async () => work(session)), timeout])
    if (performance.now() > deadline) throw tooSlow(timeoutMs)
    return result
  } finally {
    state.active = false
    clearTimeout(timer)
    await writes.idle() // what the work did not wait for is refused at its next step, and undone
  }
}

// A bulk that fails leaves nothing of itself. Calls that are started together run one after the other, so that two bulks do not
// mix and no read sees half of one.
function accessOf(writer: GraphWriter, writes: WriteQueue): StoreAccess {
  return {
    read: (work) => writes.run(() => work(writer)),
    write: (work) => writes.run(() => writer.atomically(() => work(writer))),
  }
}

// Work that goes on after its transaction ended must not write on: each call is checked, also those of a bulk on its way. The
// clock is looked at too, since work that never lets timers have their turn would never be told.
function guard(writer: GraphWriter, state: Running, deadline: number, timeoutMs: number): GraphWriter {
  return new Proxy(writer, {
    get(target, name) {
      const method: unknown = Reflect.get(target, name)
      if (typeof method !== 'function') return method
      return async (...parameters: unknown[]) => {
        if (!state.active) throw closed()
        if (performance.now() > deadline) throw tooSlow(timeoutMs)
        return Reflect.apply(method, target, parameters)
      }
    },
  })
}

function closed(): MemoryError {
  return new MemoryError('The transaction has ended: its "tx" can no longer be used', {
    code: 'MG_TRANSACTION_CLOSED',
  })
}

function tooSlow(timeoutMs: number): MemoryError {
  return new MemoryError(
    `The transaction took longer than ${timeoutMs} ms and was undone: do less in it, or raise timeoutMs`,
    { code: 'MG_TIMEOUT', details: { timeoutMs } },
  )
}
