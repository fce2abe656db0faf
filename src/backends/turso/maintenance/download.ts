import { SyncError } from '../../../errors.js'
import { ReplicaDriver } from '../replica/replica-driver.js'
import { takeSyncLock } from '../replica/sync-lock.js'
import { query, readValues, type SqlSource } from '../sql-source.js'
import { SELECT_POSITION } from '../statements.js'
import { TursoEventEmitter } from '../turso-events.js'
import type { CompletePrimaryOptions, CompleteTursoOptions } from '../turso-options.js'

/** How often the primary is asked for what the copy lacks. */
const MAX_SYNCS = 5

/** The settings of a backend that uses a primary alone. */
export type RemoteOptions = CompleteTursoOptions & { readonly primary: CompletePrimaryOptions }

/**
 * Makes a local copy of a primary at a path, which has at least what the change feed says up to a position; nobody uses it then.
 *
 * @throws `MG_SYNC` · `MG_OFFLINE` · `MG_AUTH` · `MG_STORAGE_FULL`
 */
export async function downloadPrimary(options: RemoteOptions, path: string, position: number): Promise<void> {
  const driver = new ReplicaDriver(
    { ...options, path, encryptionKey: undefined, mode: 'replica', keepVersions: undefined },
    { ...options.primary, autoSync: false, syncIntervalSeconds: 0 },
    new TursoEventEmitter(undefined),
  )
  try {
    await driver.connect()
    await reach(driver, position)
  } finally {
    await driver.disconnect()
  }
  const lock = await takeSyncLock(path) // the process that synced has ended when it can be had
  lock?.remove()
}

async function reach({ maintenance, replication }: ReplicaDriver, position: number): Promise<void> {
  for (let syncs = 0; ; syncs++) {
    const reached = await positionOf(maintenance.reading)
    if (reached >= position) return
    if (syncs === MAX_SYNCS)
      throw new SyncError(
        `The copy of the primary ends with the change ${reached}, and ${position} is wanted`,
      )
    await replication.sync()
  }
}

/** How far the change feed of a database has come. */
export async function positionOf(source: SqlSource): Promise<number> {
  const [position] = await readValues(source, query(SELECT_POSITION))
  return Number(position)
}
