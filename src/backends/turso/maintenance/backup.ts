import { statSync } from 'node:fs'
import { breathe } from '../../../breathe.js'
import { ConfigurationError, MemoryError, SchemaError } from '../../../errors.js'
import { throwIfAborted } from '../../slices.js'
import { fileError } from '../local/file-error.js'
import { MEMORY_PATH } from '../memory-path.js'
import { type CompleteTursoOptions, completeOptions, requireKnownOptions } from '../turso-options.js'
import type { BackupOptions, BackupReport } from './backup-report.js'
import { BackupTarget } from './backup-target.js'
import { copyPages } from './copy-pages.js'
import { downloadPrimary, positionOf, type RemoteOptions } from './download.js'
import type { MaintainedStore } from './maintained-store.js'
import type { GraphCounts, KeyedFile } from './maintenance-messages.js'
import { runInThread } from './maintenance-thread.js'

const OPTIONS = ['overwrite', 'onProgress', 'signal']
/** The permissions of a backup of what is no file. */
const PRIVATE = 0o600
const PERMISSIONS = 0o777

/** Makes a copy of a database and gives it its name once it is known to be whole. See `TursoBackend.backup`. */
export async function backup(
  given: string,
  options: BackupOptions,
  store: MaintainedStore,
  turso: CompleteTursoOptions,
): Promise<BackupReport> {
  const began = performance.now()
  const { overwrite = false, signal } = checked(options)
  const path = pathOf(given)
  throwIfAborted(signal)
  try {
    const synced = store.sync === null ? null : await answers(store.sync)
    const position = await positionOf(store.reading)
    const target = await BackupTarget.begin(path, store.file?.path ?? null, overwrite)
    try {
      const counts = await copyAndVerify(store, turso, target, { ...options, position })
      throwIfAborted(signal)
      target.finish(store.file === null ? PRIVATE : statSync(store.file.path).mode & PERMISSIONS)
      return {
        path: target.path,
        bytes: statSync(target.path).size,
        node_count: counts.nodes,
        relationship_count: counts.relationships,
        memory_count: counts.memories,
        schema_version: counts.schemaVersion,
        position: counts.position,
        encrypted: keyOf(store) !== undefined,
        synced: turso.mode === 'remote' ? true : synced,
        duration_ms: Math.round(performance.now() - began),
      }
    } finally {
      target.discard()
    }
  } catch (error) {
    throw fileError(error, `Cannot back up to ${path}`)
  }
}

type Copying = BackupOptions & { readonly position: number }

async function copyAndVerify(
  store: MaintainedStore,
  turso: CompleteTursoOptions,
  { path, partial }: BackupTarget,
  options: Copying,
): Promise<GraphCounts> {
  const target: KeyedFile = { path: partial, encryptionKey: keyOf(store) }
  const copied = await copy(store, turso, target, options)
  options.onProgress?.({ done: 0, total: null, phase: 'verifying' })
  const newHistory = turso.mode !== 'local' || store.file?.isReplica === true
  const found = await runInThread({ kind: 'verify', target, newHistory }, options)
  const faults = [...found.faults, ...differences(copied, found, options.position)]
  if (faults.length === 0) return found
  throw new SchemaError(
    `Cannot back up to ${path}: the copy is not sound, nor then, probably, the database: ${faults.slice(0, 3).join('; ')}: see what "memorygraph-turso doctor" says`,
    { code: 'MG_CORRUPT', details: { path, faults } },
  )
}

function differences(copied: GraphCounts, found: GraphCounts, position: number): string[] {
  const names = ['nodes', 'relationships', 'memories', 'position', 'schemaVersion'] as const
  return [
    ...names
      .filter((name) => copied[name] !== found[name])
      .map((name) => `${name}: ${found[name]} instead of ${copied[name]}`),
    ...(found.position < position ? [`it ends with the change ${found.position}, before ${position}`] : []),
  ]
}

async function copy(
  store: MaintainedStore,
  turso: CompleteTursoOptions,
  target: KeyedFile,
  { onProgress, signal, position }: Copying,
): Promise<GraphCounts> {
  const onBytes = (done: number, total: number): void => onProgress?.({ done, total, phase: 'copying' })
  if (store.alone) {
    return store.alone((connection) =>
      copyPages(connection, target, async (done, total) => {
        onBytes(done, total)
        throwIfAborted(signal)
        await breathe()
      }),
    )
  }
  let open: KeyedFile | null = store.file
  if (open === null) {
    open = { path: `${target.path}-primary`, encryptionKey: undefined }
    await downloadPrimary(turso as RemoteOptions, open.path, position)
    throwIfAborted(signal)
  }
  return runInThread(
    { kind: 'copy', open: { path: open.path, encryptionKey: open.encryptionKey }, target },
    { onBytes, signal },
  )
}

function keyOf({ file }: MaintainedStore): string | undefined {
  return file?.encryptionKey
}

/** Syncs where that is possible; what the copy has without it is a state of the graph as well. */
async function answers(sync: () => Promise<unknown>): Promise<boolean> {
  try {
    await sync()
    return true
  } catch (error) {
    if (MemoryError.is(error)) return false
    throw error
  }
}

function pathOf(given: string): string {
  const { path } = completeOptions({ path: given, mode: 'local' })
  if (given !== undefined && path !== MEMORY_PATH) return path
  throw new ConfigurationError('Invalid path of a backup: must be the name of a file')
}

function checked(options: BackupOptions): BackupOptions {
  requireKnownOptions(options, OPTIONS)
  const { overwrite, onProgress, signal } = options
  if (overwrite !== undefined && typeof overwrite !== 'boolean')
    throw new ConfigurationError('Invalid option overwrite: must be true or false')
  if (onProgress !== undefined && typeof onProgress !== 'function')
    throw new ConfigurationError('Invalid option onProgress: must be a function')
  if (signal !== undefined && !(signal instanceof AbortSignal))
    throw new ConfigurationError('Invalid option signal: must be an AbortSignal')
  return options
}
