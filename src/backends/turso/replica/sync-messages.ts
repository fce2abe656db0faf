import type { HistoryMark } from './replica-record.js'

/** What the process that syncs is told when it starts, over the channel that only its parent has. */
export type SyncStart = {
  readonly path: string
  readonly url: string
  readonly token: string | undefined
  readonly encryptionKey: string | undefined
  readonly socketPath: string
  /** How long a sync may make no progress. */
  readonly timeoutMs: number
}

/** What the process tells its parent. */
export type SyncProcessMessage =
  | { readonly kind: 'listening' }
  /** Another process syncs this file. */
  | { readonly kind: 'taken' }
  | { readonly kind: 'failed'; readonly reason: string; readonly isWrongKey: boolean }
  /** The primary did not let it in: is there another token by now? */
  | { readonly kind: 'token?' }

/** What the parent answers to that. */
export type TokenMessage = { readonly kind: 'token'; readonly token: string | undefined }

/** What a process asks of the one that syncs. */
export type SyncRequest =
  | { readonly id: number; readonly kind: 'sync' }
  /** Sets the copy aside and makes a new one, if it still ends with the write that the asker saw last. */
  | { readonly id: number; readonly kind: 'rebuild'; readonly reason: string; readonly seen: string | null }

/** Why a sync failed. */
export type SyncFailure = {
  readonly kind: 'offline' | 'unencrypted' | 'failed'
  readonly message: string
}

/** What a sync did. */
export type SyncOutcome = {
  readonly framesSynced: number
  readonly frameNo: number | null
  readonly durationMs: number
}

/** The state of the local copy. */
export type CopyState = {
  /** Whether it was ever complete, so that it can be read. */
  readonly isComplete: boolean
  /** When it was last known to hold what the primary held; ISO 8601. */
  readonly syncedAt: string | null
  readonly frameNo: number | null
  readonly newest: HistoryMark | null
  /** Where the last one that was damaged or diverged was put, and why. */
  readonly setAside: { readonly path: string; readonly reason: string } | null
}

/** What the process that syncs says to those that are connected to it. */
export type SyncReply =
  | { readonly kind: 'hello'; readonly owner: number; readonly state: CopyState }
  | { readonly kind: 'progress' }
  | { readonly kind: 'state'; readonly state: CopyState }
  | { readonly kind: 'done'; readonly id: number; readonly outcome: SyncOutcome; readonly state: CopyState }
  | { readonly kind: 'failed'; readonly id: number; readonly failure: SyncFailure }

/** What the worker that holds the handle is asked. */
export type WorkerRequest =
  | { readonly kind: 'sync' }
  | { readonly kind: 'check' }
  | { readonly kind: 'close' }

/** What it answers. */
export type WorkerReply =
  | {
      readonly kind: 'synced'
      readonly framesSynced: number
      readonly frameNo: number | null
      readonly newest: HistoryMark | null
      readonly epoch: string | null
    }
  | { readonly kind: 'checked'; readonly fault: string | null; readonly newest: HistoryMark | null }
  | { readonly kind: 'closed' }
  | { readonly kind: 'error'; readonly message: string }
