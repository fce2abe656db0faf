import type { MemoryError } from '../../errors.js'
import type { SyncReport } from '../graph-backend.js'

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
