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
  /** The primary did not let it in, or is away: is there another token by now? */
  | { readonly kind: 'token?' }

/** What the parent answers to that. */
export type TokenMessage = { readonly kind: 'token'; readonly token: string | undefined }

/** What a process asks of the one that syncs. */
export type SyncRequest =
  | { readonly id: number; readonly kind: 'sync' }
  /** Sets the copy aside and makes a new one, if it is still the one that the asker has seen. */
  | {
      readonly id: number
      readonly kind: 'rebuild'
      readonly cause: SetAside['cause']
      readonly reason: string
      readonly seen: CopyMark | null
    }
  /** Ends, so that the asker, whom the primary answers, can take over. */
  | { readonly kind: 'leave' }

/**
 * Why a sync failed.
 * - `offline`: the primary cannot be reached
 * - `unanswered`: the primary is away, or refuses the token, which the engine cannot tell apart
 * - `full`: there is no space for the copy
 * - `forbidden`: the files of the copy cannot be written
 * - `unencrypted`: the engine left out the encryption that it was asked for
 */
export type SyncFailure = {
  readonly kind: 'offline' | 'unanswered' | 'full' | 'forbidden' | 'unencrypted' | 'failed'
  readonly message: string
}

/** What a sync did. */
export type SyncOutcome = {
  readonly framesSynced: number
  readonly frameNo: number | null
}

/** Where a copy was put that was damaged, or whose primary has another history, and why. */
export type SetAside = {
  readonly path: string
  readonly cause: 'damaged' | 'diverged'
  readonly reason: string
}

/** What tells a copy from the one that takes its place: the history it is of, and the last write that it holds. */
export type CopyMark = { readonly epoch: string | null; readonly newest: HistoryMark | null }

/** The state of the local copy. */
export type CopyState = {
  /** Whether it was ever complete, so that it can be read. */
  readonly isComplete: boolean
  /** When it was last known to hold what the primary held; ISO 8601. */
  readonly syncedAt: string | null
  readonly frameNo: number | null
  readonly mark: CopyMark
  /** The last one that was set aside. */
  readonly setAside: SetAside | null
}

/** What the process that syncs says to those that are connected to it. */
export type SyncReply =
  /** First; `url` is of the primary that it follows, without credentials. */
  | { readonly kind: 'hello'; readonly owner: number; readonly url: string; readonly state: CopyState }
  /** It is at work, also before it says hello. */
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
      readonly mark: CopyMark
    }
  | { readonly kind: 'checked'; readonly fault: string | null; readonly mark: CopyMark }
  | { readonly kind: 'closed' }
  | { readonly kind: 'error'; readonly message: string }
