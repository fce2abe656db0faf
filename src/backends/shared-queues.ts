import { WriteQueue } from './write-queue.js'

const queues = new Map<string, { readonly queue: WriteQueue; users: number }>()

/** The queue of this process for the store of that name, and how to give it up: backends on one store take turns in it. */
export function sharedQueue(store: string): { readonly queue: WriteQueue; readonly release: () => void } {
  const shared = queues.get(store) ?? { queue: new WriteQueue(), users: 0 }
  shared.users++
  queues.set(store, shared)
  const release = (): void => {
    if (--shared.users === 0) queues.delete(store)
  }
  return { queue: shared.queue, release }
}
