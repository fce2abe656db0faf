import type { Progress } from '../../graph-backend.js'

/** How a backup is made. Unknown keys are refused. */
export type BackupOptions = {
  /** Whether a file that is there already is replaced. Default is false. */
  readonly overwrite?: boolean | undefined
  /** Told how many bytes are copied, of how many: phase `copying`, and once `verifying`. */
  readonly onProgress?: ((progress: Progress) => void) | undefined
  /** Ends the backup; nothing of it stays. */
  readonly signal?: AbortSignal | undefined
}

/** What a backup holds. */
export type BackupReport = {
  /** The file, behind links. */
  path: string
  bytes: number
  node_count: number
  relationship_count: number
  memory_count: number
  schema_version: number
  /** The position of the change feed up to which it is complete. */
  position: number
  /** Whether it needs the encryption key of the backend. */
  encrypted: boolean
  /** Whether the primary answered, so that all it held then is in the backup; `null` in local mode. */
  synced: boolean | null
  duration_ms: number
}
