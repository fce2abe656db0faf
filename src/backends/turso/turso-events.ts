import { EventEmitter } from 'node:events'
import type { MemoryError } from '../../errors.js'
import type { SyncReport } from '../graph-backend.js'
import type { Logger } from '../logger.js'

/** What a {@link TursoBackend} with a primary tells of. */
export type TursoEvents = {
  /** A sync succeeded. */
  sync: [report: SyncReport]
  /** A sync failed, or the local copy had to be made anew; also when nobody waited for it. */
  'sync-error': [error: MemoryError]
  /** The primary answers again. */
  online: []
  /** The primary does not answer. */
  offline: [reason: string]
}

/** Tells of events; a listener that throws does no harm to what it is told of. */
export class TursoEventEmitter extends EventEmitter {
  readonly #logger: Logger | undefined

  constructor(logger: Logger | undefined) {
    super()
    this.#logger = logger
  }

  /** Tells of an event. */
  tell<Name extends keyof TursoEvents>(name: Name, ...event: TursoEvents[Name]): void {
    for (const listener of this.listeners(name)) {
      try {
        Reflect.apply(listener, undefined, event)
      } catch (error) {
        this.#logger?.warn(`A listener of "${name}" failed: ${String(error)}`)
      }
    }
  }
}
