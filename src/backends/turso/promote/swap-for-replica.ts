import { existsSync, renameSync } from 'node:fs'
import { DatabaseConnectionError, MemoryError, SyncError } from '../../../errors.js'
import type { Progress } from '../../graph-backend.js'
import type { Connection } from '../local/connection.js'
import { endSoleUse, takeSoleUse } from '../local/sole-use.js'
import { ReplicaDriver } from '../replica/replica-driver.js'
import { isPlainFile, removeReplica } from '../replica/replica-files.js'
import { takeSyncLock } from '../replica/sync-lock.js'
import { query, readValues, type SqlSource } from '../sql-source.js'
import { COUNT_NODES, COUNT_RELATIONSHIPS, SELECT_NEWEST_CHANGE } from '../statements.js'
import { TursoEventEmitter } from '../turso-events.js'
import type { CompletePromoteOptions } from './promote-options.js'
import { restated } from './restated.js'

/** How often the copy is compared with a primary that others write meanwhile. */
const MAX_COMPARISONS = 5

/** What names what a file holds: its newest change. */
export function stateOf(newest: unknown[] | undefined): string {
  return JSON.stringify(newest ?? null)
}

/**
 * Puts a copy of the primary in the place of the file, which is renamed; returns its new name. When the copy cannot be made the file
 * is put back.
 *
 * @throws `MG_BUSY` other programs have the file open, or wrote to it since its state was looked at · `MG_SYNC` · `MG_OFFLINE`
 */
export async function swapForReplica(
  options: CompletePromoteOptions,
  primary: SqlSource,
  state: string,
): Promise<string> {
  const { path } = options.turso
  const alone = await takeSoleUse(options.turso).catch((error: unknown) => {
    throw inUse(path, error)
  })
  const backup = setOriginalAside(path, alone, state)
  try {
    await download(options, primary)
    return backup
  } catch (error) {
    const isBack = await putBack(path, backup, options)
    throw restated(error, (message) =>
      isBack
        ? `${message}. The file is again what it was; everything is on the primary: promote again`
        : `${message}. Everything is on the primary; what the file was is in ${backup}`,
    )
  }
}

function setOriginalAside(path: string, alone: Connection, state: string): string {
  try {
    if (stateOf(alone.get(SELECT_NEWEST_CHANGE)) !== state) throw writtenMeanwhile(path)
    const backup = backupPathOf(path)
    // Windows renames nothing that is open; elsewhere nobody comes in between.
    if (process.platform === 'win32') releaseFile(alone)
    renameSync(path, backup)
    if (process.platform !== 'win32') releaseFile(alone)
    return backup
  } catch (error) {
    endSoleUse(alone)
    throw error
  }
}

// Without its transaction a connection holds no lock, even while its statements keep it from being closed.
function releaseFile(alone: Connection): void {
  alone.exec('ROLLBACK')
  alone.close()
}

function backupPathOf(path: string): string {
  const wanted = `${path}.before-promote-${new Date().toISOString().replace(/[:.]/g, '-')}`
  for (let count = 0; ; count++) {
    const name = count === 0 ? wanted : `${wanted}-${count}`
    if (!existsSync(name)) return name
  }
}

async function download(
  { turso, primary, onProgress }: CompletePromoteOptions,
  source: SqlSource,
): Promise<void> {
  const tell = (done: number, total: number): void =>
    onProgress?.({ done, total, phase: 'downloading' } satisfies Progress)
  const wanted = await countsOf(source)
  const total = wanted.nodes + wanted.relationships
  tell(0, total)
  const driver = new ReplicaDriver(
    turso,
    { ...primary, autoSync: false, syncIntervalSeconds: 0 },
    new TursoEventEmitter(undefined),
  )
  try {
    if (!(await driver.connect())) await driver.initializeSchema({})
    await compare(driver, source)
  } finally {
    await driver.disconnect()
  }
  tell(total, total)
}

async function compare(driver: ReplicaDriver, source: SqlSource): Promise<void> {
  for (let comparisons = 1; ; comparisons++) {
    const wanted = await countsOf(source)
    const { node_count: nodes, relationship_count: relationships } = await driver.health()
    if (nodes === wanted.nodes && relationships === wanted.relationships) return
    if (comparisons === MAX_COMPARISONS) {
      throw new SyncError(
        `The copy reads ${nodes} nodes and ${relationships} relationships, and the primary holds ${wanted.nodes} and ${wanted.relationships}`,
      )
    }
    await driver.replication.sync()
  }
}

async function countsOf(source: SqlSource): Promise<{ nodes: number; relationships: number }> {
  const values = await readValues(source, query(COUNT_NODES), query(COUNT_RELATIONSHIPS))
  const [nodes, relationships] = values.map(Number) as [number, number]
  return { nodes, relationships }
}

/** Whether the file could be put back: not when another program has begun to use what is in its place. */
async function putBack(path: string, backup: string, { turso }: CompletePromoteOptions): Promise<boolean> {
  if (isPlainFile(path)) return false
  try {
    const lock = await takeSyncLock(path)
    if (lock === null) return false
    removeReplica(path)
    lock.remove()
    renameSync(backup, path)
  } catch {
    return false // what failed before it is what matters
  }
  await takeSoleUse(turso).then(endSoleUse, () => undefined) // whoever has opened it meanwhile does the same
  return true
}

function inUse(path: string, error: unknown): unknown {
  if (!MemoryError.is(error) || error.code !== 'MG_BUSY') return error
  return new DatabaseConnectionError(
    `Cannot put a copy of the primary in the place of ${path}: another program, or another backend of this one, has it open, and what it writes would be lost. Disconnect those that use it and promote again: everything is on the primary by now`,
    { code: 'MG_BUSY', details: error.details, cause: error },
  )
}

function writtenMeanwhile(path: string): DatabaseConnectionError {
  return new DatabaseConnectionError(
    `Another program wrote to ${path} just when everything was copied: promote again, which copies what is new`,
    { code: 'MG_BUSY' },
  )
}
