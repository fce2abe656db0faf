import { SchemaError } from '../../../errors.js'
import { recogniseLayout } from '../layout.js'
import { collectGarbageSoon } from '../local/collect-garbage.js'
import { Connection } from '../local/connection.js'
import type { SqlSource } from '../sql-source.js'
import { translateError } from '../translate-error.js'
import { completeOptions, requireKnownOptions, type TursoBackendOptions } from '../turso-options.js'
import type { DatabaseLayout } from './database-layout.js'
import type { DatabaseSource } from './database-source.js'
import { copyPrivately } from './private-copy.js'
import { TableReader } from './table-reader.js'

/**
 * How a file is read: `encryptionKey` where it is encrypted, `busyTimeoutMs` (default 10,000) for how long to wait for programs that
 * write it. Other keys are refused.
 */
export type OpenDatabaseOptions = Pick<TursoBackendOptions, 'encryptionKey' | 'busyTimeoutMs'>

const OPTIONS = ['encryptionKey', 'busyTimeoutMs']
const OUR_SETTINGS = 'mg_schema'
const MAX_TABLES_NAMED = 20

/**
 * Opens a database file to read the memories out of it: files of this library, of MemoryGraph for Python and for TypeScript in all
 * their layouts, and of mcp-memory-libsql. The file and its log are copied into a temporary folder and read there, so that nothing
 * is written in them or beside them, and what others write meanwhile does not show; `close()` removes the copy.
 *
 * @throws `MG_NOT_A_DATABASE` no database, or encrypted with another key · `MG_SCHEMA_FOREIGN` a layout it does not know; the message
 * names the tables · `MG_SCHEMA_NEWER` · `MG_CONNECTION` there is no such file, or a backend of this process has it open · `MG_BUSY`
 * other programs wrote it all the time · `MG_STORAGE_FULL` no space for the copy · `MG_CONFIGURATION`
 */
export async function openDatabaseSource(
  path: string,
  options: OpenDatabaseOptions = {},
): Promise<DatabaseSource> {
  requireKnownOptions(options, OPTIONS)
  const { path: file, encryptionKey, busyTimeoutMs } = completeOptions({ ...options, path, mode: 'local' })
  const copy = await copyPrivately(file, busyTimeoutMs)
  let reader: TableReader | null = null
  const close = async (): Promise<void> => {
    reader?.close()
    collectGarbageSoon() // so that the space of the copy is free
    await copy.remove()
  }
  try {
    const opened = await openReader(copy.path, file, encryptionKey)
    reader = opened
    const { format, records } = await layoutOf(opened, file)
    return { format, records: () => records(opened), close, [Symbol.asyncDispose]: close }
  } catch (error) {
    await close()
    throw error
  }
}

async function openReader(
  copy: string,
  name: string,
  encryptionKey: string | undefined,
): Promise<TableReader> {
  const connection = await Connection.open({ path: copy, encryptionKey }).catch((error: unknown) => {
    throw translateError(error, `Cannot read ${name}`)
  })
  try {
    return new TableReader(connection, name)
  } catch (error) {
    connection.close()
    throw error
  }
}

async function layoutOf(reader: TableReader, name: string): Promise<DatabaseLayout> {
  const { KNOWN_LAYOUTS } = await import('./known-layouts.js')
  const layout = KNOWN_LAYOUTS.find(({ fits }) => fits(reader))
  if (layout === undefined) throw unknownLayout(reader.tables, name)
  if (reader.tables.includes(OUR_SETTINGS)) {
    const source: SqlSource = {
      read: async (queries) => queries.map(({ sql, values }) => reader.read(sql, values)),
    }
    await recogniseLayout(source, name, true) // refuses what a newer version of this library wrote
  }
  return layout
}

function unknownLayout(tables: readonly string[], name: string): SchemaError {
  const named = tables.slice(0, MAX_TABLES_NAMED).map((table) => JSON.stringify(table))
  const more = tables.length - named.length
  const found =
    tables.length === 0 ? 'no tables' : `the tables ${named.join(', ')}${more > 0 ? ` and ${more} more` : ''}`
  return new SchemaError(
    `${name} holds ${found}, which is no layout that can be read here: export it with the program that wrote it; it was left as it is`,
    { code: 'MG_SCHEMA_FOREIGN', details: { path: name, tables: tables.slice(0, MAX_TABLES_NAMED) } },
  )
}
