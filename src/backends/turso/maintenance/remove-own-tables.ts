import { existsSync } from 'node:fs'
import { ConfigurationError, ConflictError } from '../../../errors.js'
import { recogniseLayout } from '../layout.js'
import { Connection } from '../local/connection.js'
import { fileError } from '../local/file-error.js'
import { patiently } from '../local/local-writer.js'
import { settlePath } from '../local/settle-path.js'
import { endSoleUse, takeSoleUse } from '../local/sole-use.js'
import { readSwapNote } from '../promote/swap-note.js'
import { isReplica } from '../replica/replica-files.js'
import { type Query, query, type SqlRow } from '../sql-source.js'
import {
  type CompleteTursoOptions,
  completeOptions,
  requireKnownOptions,
  type TursoBackendOptions,
} from '../turso-options.js'
import { COUNT_INDEX_NOTES, DROP_INDEX_NOTES, HAS_INDEX_NOTES } from '../vectors/diskann-tables.js'
import { NOT_KEPT_BY_ENGINE } from './expected-schema.js'

const FILE_OPTIONS = ['path', 'encryptionKey', 'busyTimeoutMs'] as const

/** Which file it is, and whether what only our tables hold may be lost. Unknown keys are refused. */
export type RemoveOptions = Pick<TursoBackendOptions, (typeof FILE_OPTIONS)[number]> & {
  /** Default is false. */
  readonly force?: boolean | undefined
}

/** What was taken out of a file. */
export type RemoveReport = {
  path: string
  /** Names of tables, triggers and indexes; empty where there was nothing of ours. */
  removed: string[]
  /** How many rows of data that is nowhere else went with them, by table. */
  lost: { [table: string]: number }
}

/** Tables that are made anew from nodes and relationships, or say nothing without the others. Whatever else holds rows is data. */
const DERIVED: ReadonlySet<string> = new Set([
  'mg_schema',
  'mg_memory',
  'mg_text',
  'mg_change',
  'mg_write',
  'mg_context',
  'mg_vocabulary',
  'mg_trigram',
  'mg_vocabulary_trigram',
  'mg_model',
  'mg_vector',
])

/** The tables of a DiskANN index. */
const IS_VECTOR_INDEX = /^mg_ann(_|$)/

const IS_OURS = `name LIKE 'mg\\_%' ESCAPE '\\'`
/** Triggers, indexes, tables; without what the engine keeps for an index of texts or vectors, which goes with that. */
const SELECT_OURS = `
SELECT type, name FROM sqlite_master WHERE ${IS_OURS} AND sql IS NOT NULL AND ${NOT_KEPT_BY_ENGINE}
  AND name NOT LIKE 'mg\\_ann\\_%\\_shadow%' ESCAPE '\\'
ORDER BY CASE type WHEN 'trigger' THEN 0 WHEN 'index' THEN 1 ELSE 2 END, name`

/** Takes all that is ours out of a file. See `TursoBackend.removeOwnTables`. */
export async function removeOwnTables(options: RemoveOptions = {}): Promise<RemoveReport> {
  requireKnownOptions(options, [...FILE_OPTIONS, 'force'])
  const { force = false, ...file } = options
  if (typeof force !== 'boolean') throw new ConfigurationError('Invalid option force: must be true or false')
  const turso = completeOptions({ ...file, mode: 'local' })
  const given = turso.path
  try {
    if (!existsSync(given)) throw refused(given, 'there is no such file')
    const path = await settlePath(given)
    if (isReplica(path))
      throw refused(
        path,
        'it is the local copy of a primary: "memorygraph-turso detach" makes it a file of its own',
      )
    if (readSwapNote(path) !== null) throw refused(path, 'an interrupted "promote" is to be finished first')
    if (!(await holdsOurs(turso, path))) return { path, removed: [], lost: {} }
    const alone = await takeSoleUse({ ...turso, path })
    try {
      const report = takeOut(path, alone, force)
      alone.close() // without a log, as MemoryGraph for Python makes its files
      return { path, ...report }
    } catch (error) {
      endSoleUse(alone)
      throw error
    }
  } catch (error) {
    throw fileError(error, `Cannot take the tables of this library out of ${given}`)
  }
}

/** Looks whether there is anything to take out; a file of another layout is refused, and none is changed. */
async function holdsOurs(
  { encryptionKey, busyTimeoutMs }: CompleteTursoOptions,
  path: string,
): Promise<boolean> {
  const connection = await Connection.open({ path, encryptionKey })
  try {
    const read = async (queries: readonly Query[]): Promise<SqlRow[][]> =>
      patiently(() => connection.read(queries), busyTimeoutMs, `Cannot read ${path}`)
    await recogniseLayout({ read }, path, true)
    const [objects = []] = await read([query(SELECT_OURS)])
    return objects.length > 0
  } finally {
    connection.close()
  }
}

function takeOut(path: string, alone: Connection, force: boolean): Omit<RemoveReport, 'path'> {
  const objects = alone.all(SELECT_OURS).map(([type, name]) => ({ type: String(type), name: String(name) }))
  const lost: Record<string, number> = {}
  for (const { type, name } of objects) {
    if (type !== 'table' || DERIVED.has(name) || IS_VECTOR_INDEX.test(name)) continue
    const rows = Number(alone.value(`SELECT count(*) FROM ${quoted(name)}`))
    if (rows > 0) lost[name] = rows
  }
  const tables = Object.entries(lost).map(([name, rows]) => `${name}: ${rows}`)
  if (tables.length > 0 && !force) {
    throw new ConflictError(
      `Cannot take the tables of this library out of ${path}: they hold rows that are nowhere else (${tables.join(', ')}), such as earlier versions of memories, or vectors: give the option force to lose them; it was left as it is`,
      { details: { path, lost } },
    )
  }
  for (const { type, name } of objects) alone.exec(`DROP ${type} ${quoted(name)}`)
  if (alone.value(HAS_INDEX_NOTES) === 1 && alone.value(COUNT_INDEX_NOTES) === 0) alone.exec(DROP_INDEX_NOTES)
  alone.exec('COMMIT')
  return { removed: objects.map(({ name }) => name), lost }
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

function refused(path: string, why: string): ConfigurationError {
  return new ConfigurationError(`Cannot take the tables of this library out of ${path}: ${why}`, {
    details: { path },
  })
}
