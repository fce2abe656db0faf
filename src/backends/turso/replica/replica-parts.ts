import { existsSync } from 'node:fs'
import type { PrimaryStore } from '../primary/primary-store.js'
import type { ReplicaCopy } from './replica-copy.js'
import { filesOf } from './replica-files.js'
import { readRecord } from './replica-record.js'
import type { SyncClient } from './sync-client.js'

/** What a connected replica is made of: the primary, the process that syncs, and the local copy. */
export type ReplicaParts = {
  readonly path: string
  readonly store: PrimaryStore
  readonly client: SyncClient
  readonly copy: ReplicaCopy
}

/** Whether there is a copy that was complete once. */
export function hasCopy(path: string): boolean {
  return existsSync(path) && readRecord(filesOf(path).record) !== null
}

/**
 * Opens the copy that is at the path now. Never one that is on its way: to a plain connection its file looks empty, for which the
 * engine deletes the log that belongs to it.
 */
export async function openCopy({ path, client, copy }: ReplicaParts): Promise<void> {
  if (client.state?.isComplete !== false && hasCopy(path)) await copy.refresh()
}

/** Ends the use of all of them. */
export async function closeParts({ store, client, copy }: ReplicaParts): Promise<void> {
  store.release()
  await client.close()
  copy.close()
}
