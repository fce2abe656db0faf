import type { AsyncLocalStorage } from 'node:async_hooks'
import { MemoryError } from '../errors.js'
import type { GraphTransaction } from './graph-backend.js'
import type { GraphWriter } from './graph-driver.js'
import { GraphSession, type SessionLimits } from './graph-session.js'

/** Whether a transaction's work may still use its handle. */
export type TransactionState = { active: boolean }

/** Runs a caller's work over one atomic write, with a time limit; afterwards its handle refuses everything. */
export async function runTransaction<Result>(
  writer: GraphWriter,
  work: (tx: GraphTransaction) => Promise<Result>,
  timeoutMs: number,
  limits: SessionLimits,
  context: AsyncLocalStorage<TransactionState>,
): Promise<Result> {
  const state: TransactionState = { active: true }
  const guarded = guard(writer, state)
  const access = {
    read: async <Value>(read: (reader: GraphWriter) => Promise<Value>) => read(requireActive(guarded, state)),
    write: async <Value>(write: (writer: GraphWriter) => Promise<Value>) =>
      write(requireActive(guarded, state)),
  }
  let timer: NodeJS.Timeout | undefined
  const timeout = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(tooSlow(timeoutMs)), timeoutMs)
  })
  try {
    const run = context.run(state, async () => work(new GraphSession(access, limits)))
    return await Promise.race([run, timeout])
  } finally {
    state.active = false
    clearTimeout(timer)
  }
}

// Work that goes on after its transaction ended must not write on: each call to the writer is checked, also those of a bulk on its way.
function guard(writer: GraphWriter, state: TransactionState): GraphWriter {
  return new Proxy(writer, {
    get(target, name) {
      const method: unknown = Reflect.get(target, name)
      if (typeof method !== 'function') return method
      return async (...parameters: unknown[]) => {
        requireActive(target, state)
        return Reflect.apply(method, target, parameters)
      }
    },
  })
}

function requireActive(writer: GraphWriter, state: TransactionState): GraphWriter {
  if (state.active) return writer
  throw new MemoryError('The transaction has ended: its "tx" can no longer be used', {
    code: 'MG_TRANSACTION_CLOSED',
  })
}

function tooSlow(timeoutMs: number): MemoryError {
  return new MemoryError(
    `The transaction took longer than ${timeoutMs} ms and was undone: do less in it, or raise timeoutMs`,
    { code: 'MG_TIMEOUT', details: { timeoutMs } },
  )
}
