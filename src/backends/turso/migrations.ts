import { setImmediate as nextTick } from 'node:timers/promises'
import { SchemaError } from '../../errors.js'
import type { BulkOptions } from '../graph-backend.js'
import { throwIfAborted } from '../slices.js'
import type { Connection } from './connection.js'
import type { Layout } from './layout.js'
import { notAdopted, recogniseLayout, WRITTEN_SETTINGS } from './layout.js'
import type { LocalWriter } from './local-writer.js'
import {
  ADD_TEMPORAL_COLUMNS,
  COUNT_MEMORY_NODES,
  CREATE_GRAPH_TABLES,
  CREATE_OWN_TABLES,
  CREATE_TRIGGERS,
  DELETE_SETTING,
  GREATEST_MEMORY_KEY,
  INDEX_MEMORIES,
  INDEX_TEXTS,
  PUT_SETTING,
  SCHEMA_VERSION,
  SELECT_NEXT_MEMORY_IDS,
  SELECT_SETTING,
} from './schema.js'
import { translated, translateError } from './translate-error.js'

/** Memories indexed in one transaction; a few milliseconds of work. */
const INDEX_SLICE = 200

/** One step from a version to the next. */
type Migration = {
  readonly version: number
  readonly apply: (connection: Connection, layout: Layout) => void
}

const MIGRATIONS: readonly Migration[] = [
  {
    version: 1,
    apply: (connection, layout) => {
      if (layout.kind === 'pre-temporal') connection.exec(ADD_TEMPORAL_COLUMNS)
      connection.exec(CREATE_GRAPH_TABLES)
      connection.exec(CREATE_OWN_TABLES)
      connection.exec(CREATE_TRIGGERS)
      if (Number(connection.value(COUNT_MEMORY_NODES)) > 0) connection.run(PUT_SETTING, ['indexed_up_to', ''])
    },
  },
]

/** Brings a file to the present schema, one transaction a step; each step looks again, since another process may have been faster. */
export async function migrate(writer: LocalWriter, path: string, adopt: boolean): Promise<void> {
  for (const migration of MIGRATIONS) {
    await writer.withoutForeignKeys((connection) => {
      const layout = recogniseLayout(connection, path)
      if (layout.kind === 'foreign-tables' && !adopt) throw notAdopted(path)
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
  for (;;) {
    throwIfAborted(signal)
    const slice = await writer.write((connection) =>
      translated(() => {
        const cursor = connection.value(SELECT_SETTING, ['indexed_up_to'])
        if (typeof cursor !== 'string') return null
        total ??= Number(connection.value(COUNT_MEMORY_NODES))
        return indexSlice(connection, cursor)
      }, 'Cannot index what was stored before'),
    )
    if (slice === null) return
    done += slice
    onProgress?.({ done, total, phase: 'indexing' })
    await nextTick()
  }
}

function indexSlice(connection: Connection, cursor: string): number {
  const ids = connection.all(SELECT_NEXT_MEMORY_IDS, [cursor, INDEX_SLICE]).map(([id]) => String(id))
  const list = JSON.stringify(ids)
  const key = connection.value(GREATEST_MEMORY_KEY) as number
  connection.run(INDEX_MEMORIES, [list])
  connection.run(INDEX_TEXTS, [list, key])
  if (ids.length < INDEX_SLICE) connection.run(DELETE_SETTING, ['indexed_up_to'])
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
