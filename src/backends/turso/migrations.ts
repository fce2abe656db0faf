import { SchemaError } from '../../errors.js'
import { breathe } from '../breathe.js'
import type { BulkOptions } from '../graph-backend.js'
import { throwIfAborted } from '../slices.js'
import type { Connection } from './connection.js'
import type { Layout } from './layout.js'
import { columnsOf, recogniseLayout, WRITTEN_SETTINGS } from './layout.js'
import type { LocalWriter } from './local-writer.js'
import {
  COUNT_MEMORY_NODES,
  CREATE_GRAPH_TABLES,
  CREATE_OWN_TABLES,
  CREATE_TRIGGERS,
  DELETE_SETTING,
  FILL_TEMPORAL_COLUMNS,
  GREATEST_MEMORY_KEY,
  INDEX_MEMORIES,
  INDEX_TEXTS,
  PUT_SETTING,
  SCHEMA_VERSION,
  SELECT_NEXT_MEMORY_IDS,
  SELECT_SETTING,
  TEMPORAL_COLUMNS,
} from './schema.js'
import { translated, translateError } from './translate-error.js'

/** Memories indexed in one transaction: as many as take about so long, for they may be of any size. */
const INDEX_SLICE_MS = 15
const FIRST_INDEX_SLICE = 16
const GREATEST_INDEX_SLICE = 400

/** One step from a version to the next. */
type Migration = {
  readonly version: number
  readonly apply: (connection: Connection, layout: Layout) => void
}

const MIGRATIONS: readonly Migration[] = [
  {
    version: 1,
    apply: (connection, layout) => {
      if (layout.kind === 'pre-temporal') addTemporalColumns(connection)
      connection.exec(CREATE_GRAPH_TABLES)
      connection.exec(CREATE_OWN_TABLES)
      connection.exec(CREATE_TRIGGERS)
      if (Number(connection.value(COUNT_MEMORY_NODES)) > 0) connection.run(PUT_SETTING, ['indexed_up_to', ''])
    },
  },
]

/** Adds what is missing to the table as it is, so that columns, indexes and triggers of others stay. */
function addTemporalColumns(connection: Connection): void {
  const present = columnsOf(connection, 'relationships')
  for (const [name, type] of Object.entries(TEMPORAL_COLUMNS)) {
    if (!present.includes(name)) connection.exec(`ALTER TABLE relationships ADD COLUMN ${name} ${type}`)
  }
  connection.exec(FILL_TEMPORAL_COLUMNS)
}

/** Brings a file to the present schema, one transaction a step; each step looks again, since another process may have been faster. */
export async function migrate(writer: LocalWriter, path: string, adopt: boolean): Promise<void> {
  for (const migration of MIGRATIONS) {
    await writer.withoutForeignKeys((connection) => {
      const layout = recogniseLayout(connection, path, adopt)
      if (layout.kind === 'ours' && layout.version >= migration.version) return
      try {
        migration.apply(connection, layout)
        for (const [name, value] of WRITTEN_SETTINGS) connection.run(PUT_SETTING, [name, BigInt(value)])
      } catch (error) {
        throw schemaFailure(path, error)
      }
    })
  }
}

/** Indexes the memories that were stored before our triggers, slice by slice; goes on where an interrupted run stopped. */
export async function indexEarlierMemories(
  writer: LocalWriter,
  { onProgress, signal }: BulkOptions,
): Promise<void> {
  let done = 0
  let total: number | null = null
  for (let size = FIRST_INDEX_SLICE; ; ) {
    throwIfAborted(signal)
    const before = performance.now()
    const indexed = await writer.write((connection) =>
      translated(() => {
        const cursor = connection.value(SELECT_SETTING, ['indexed_up_to'])
        if (typeof cursor !== 'string') return null
        total ??= Number(connection.value(COUNT_MEMORY_NODES))
        return indexSlice(connection, cursor, size)
      }, 'Cannot index what was stored before'),
    )
    if (indexed === null) {
      onProgress?.({ done: total ?? done, total: total ?? done, phase: 'indexing' }) // others may have done a part
      return
    }
    done += indexed
    onProgress?.({ done, total, phase: 'indexing' })
    const taken = performance.now() - before
    size = Math.max(1, Math.min(size * 2, GREATEST_INDEX_SLICE, Math.round((size * INDEX_SLICE_MS) / taken)))
    await breathe()
  }
}

function indexSlice(connection: Connection, cursor: string, size: number): number {
  const ids = connection.all(SELECT_NEXT_MEMORY_IDS, [cursor, size]).map(([id]) => String(id))
  const list = JSON.stringify(ids)
  const key = connection.value(GREATEST_MEMORY_KEY) as number
  connection.run(INDEX_MEMORIES, [list])
  connection.run(INDEX_TEXTS, [list, key])
  if (ids.length < size) connection.run(DELETE_SETTING, ['indexed_up_to'])
  else connection.run(PUT_SETTING, ['indexed_up_to', ids.at(-1) as string])
  return ids.length
}

/** Whether nothing is left for {@link migrate} and {@link indexEarlierMemories} to do. */
export function isComplete(layout: Layout): boolean {
  return layout.kind === 'ours' && layout.version >= SCHEMA_VERSION && layout.indexed
}

function schemaFailure(path: string, error: unknown): Error {
  const translated = translateError(error, `Cannot create the schema in ${path}`)
  return translated.code === 'MG_INTERNAL'
    ? new SchemaError(translated.message, { details: translated.details, cause: error })
    : translated
}
