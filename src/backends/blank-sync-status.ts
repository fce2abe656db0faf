import type { SyncStatus } from './graph-backend.js'

/** The state of following a primary of which nothing is known: there is none, or it has not begun. */
export function blankSyncStatus(enabled: boolean): SyncStatus {
  return {
    enabled,
    last_sync_at: null,
    last_sync_error: null,
    frame_no: null,
    online: null,
    owner: null,
    pending_writes: 0,
  }
}
