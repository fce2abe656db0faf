import { readdirSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { DatabaseConnectionError, SyncError } from '../../../errors.js'
import type { Progress } from '../../graph-backend.js'
import { inodeOf } from '../local/inode-of.js'
import { endSoleUse, takeSoleUse } from '../local/sole-use.js'
import { ReplicaDriver } from '../replica/replica-driver.js'
import { filesOf, findFault } from '../replica/replica-files.js'
import { readRecord } from '../replica/replica-record.js'
import { takeSyncLock } from '../replica/sync-lock.js'
import { query, readValues, type SqlSource } from '../sql-source.js'
import { COUNT_NODES, COUNT_RELATIONSHIPS, SELECT_NEWEST_CHANGE } from '../statements.js'
import { TursoEventEmitter } from '../turso-events.js'
import type { CompleteTursoOptions } from '../turso-options.js'
import { flush } from './flush.js'
import type { CompletePromoteOptions } from './promote-options.js'
import type { StagedCopy } from './swap-note.js'

/** How often the copy is compared with a primary that others write meanwhile. */
const MAX_COMPARISONS = 5

/** Where the copy of the primary is made that is to take the place of a file: beside it, so that it can be renamed. */
export function stagedPathOf(path: string): string {
  return `${path}.promoting`
}

/** What names what a file holds. */
export function stateOf(newest: unknown[] | undefined): string {
  return JSON.stringify(newest ?? null)
}

/**
 * Makes a copy of the primary beside a file, compares it, and leaves it as one database file with its marks, which nobody uses.
 *
 * @throws `MG_SYNC` · `MG_OFFLINE` · `MG_STORAGE_FULL`
 */
export async function stageCopy(options: CompletePromoteOptions, primary: SqlSource): Promise<StagedCopy> {
  const path = stagedPathOf(options.turso.path)
  await discardStaged(options.turso.path)
  const turso = { ...options.turso, path }
  await download({ ...options, turso }, primary)
  const state = await gather(turso)
  const lock = await takeSyncLock(path)
  lock?.remove()
  requireSound(turso)
  const { database, position, newerPosition, record } = filesOf(path)
  for (const file of [database, position, newerPosition, record]) flush(file)
  return { inode: String(inodeOf(path)), state }
}

/** Removes what there is of a copy that has not taken its place, whichever call began it. */
export async function discardStaged(path: string): Promise<void> {
  const staged = stagedPathOf(path)
  const left = remainsOf(staged)
  if (left.length === 0) return
  const lock = await takeSyncLock(staged) // the process that synced it for one that was killed may not have ended yet
  if (lock === null) {
    throw new DatabaseConnectionError(`A process still syncs ${staged}: try again`, { code: 'MG_BUSY' })
  }
  for (const file of left) if (file !== filesOf(staged).lock) rmSync(file, { force: true })
  lock.remove()
}

const SET_ASIDE = /\.promoting\.set-aside-[\dTZ-]+(-wal|\.position|\.record)?$/

/** The files of a copy that is on its way, and of those that were given up before it. */
function remainsOf(staged: string): string[] {
  const folder = dirname(staged)
  const files = filesOf(staged)
  const own = new Set([...Object.values(files), `${staged}-journal`, `${files.record}.tmp`])
  const begin = `${staged}.set-aside-`
  return readdirSync(folder)
    .map((name) => join(folder, name))
    .filter((file) => own.has(file) || (file.startsWith(begin) && SET_ASIDE.test(file)))
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

/** Brings what is in the log into the database file, and returns what names its state. */
async function gather(turso: CompleteTursoOptions): Promise<string> {
  const alone = await takeSoleUse(turso)
  try {
    return stateOf(alone.get(SELECT_NEWEST_CHANGE))
  } finally {
    endSoleUse(alone)
  }
}

function requireSound({ path, encryptionKey }: CompleteTursoOptions): void {
  const isComplete = readRecord(filesOf(path).record) !== null
  const fault = isComplete ? findFault(path, encryptionKey !== undefined) : 'it was never complete'
  if (fault !== null) throw new SyncError(`The copy of the primary cannot be used: ${fault}`)
}
