import { breathe } from '../../breathe.js'
import { SchemaError } from '../../errors.js'
import type { BulkOptions } from '../graph-backend.js'
import { throwIfAborted } from '../slices.js'
import { type Layout, recogniseLayout } from './layout.js'
import {
  COUNT_MEMORY_NODES,
  CREATE_AUDIT_LOG,
  CREATE_CONTEXTS,
  CREATE_EMBEDDINGS,
  CREATE_GRAPH_TABLES,
  CREATE_OWN_TABLES,
  CREATE_SCOPE_INDEXES,
  CREATE_SESSION_INDEX,
  CREATE_SYMMETRIC_INDEXES,
  CREATE_TRIGGERS,
  CREATE_TRIGRAMS,
  CREATE_VERSIONS,
  CREATE_VOCABULARY,
  CREATE_WRITE_LEDGER,
  DELETE_SETTING,
  FILL_TEMPORAL_COLUMNS,
  GREATEST_MEMORY_KEY,
  INDEX_MEMORIES,
  INDEX_TEXTS,
  INDEX_TRIGRAMS,
  MIN_READER_VERSION,
  PUT_SETTING,
  SCHEMA_VERSION,
  SELECT_NEXT_MEMORY_IDS,
  SELECT_SETTING,
  TEMPORAL_COLUMNS,
} from './schema.js'
import { type Query, query, readValues, type SqlDatabase, type SqlTransaction } from './sql-source.js'
import { translateError } from './translate-error.js'

/** Memories indexed in one transaction: as many as take about so long, for they may be of any size. */
const INDEX_SLICE_MS = 15
const FIRST_INDEX_SLICE = 16
const GREATEST_INDEX_SLICE = 400

/** One step from a version to the next. */
type Migration = {
  readonly version: number
  readonly apply: (transaction: SqlTransaction, layout: Layout) => Promise<void>
}

/** What memories that were stored before get of an index, by a slice of their ids, once the setting says how far that has come. */
type Indexing = {
  readonly setting: string
  /** `key` is the greatest of a memory before. */
  readonly statements: (ids: string, key: number) => Query[]
}

const TEXTS: Indexing = {
  setting: 'indexed_up_to',
  statements: (ids, key) => [query(INDEX_MEMORIES, ids), query(INDEX_TEXTS, ids, key)],
}
const TRIGRAMS: Indexing = {
  setting: 'trigrams_up_to',
  statements: (ids) => [query(INDEX_TRIGRAMS, ids)],
}

const MIGRATIONS: readonly Migration[] = [
  {
    version: 1,
    apply: async (transaction, layout) => {
      if (layout.kind === 'pre-temporal') await addTemporalColumns(transaction)
      await transaction.script(CREATE_GRAPH_TABLES + CREATE_OWN_TABLES + CREATE_TRIGGERS)
      await indexLater(transaction, TEXTS)
    },
  },
  { version: 2, apply: (transaction) => transaction.script(CREATE_WRITE_LEDGER) },
  { version: 3, apply: (transaction) => transaction.script(CREATE_VERSIONS + CREATE_CONTEXTS) },
  { version: 4, apply: (transaction) => transaction.script(CREATE_SCOPE_INDEXES + CREATE_AUDIT_LOG) },
  { version: 5, apply: (transaction) => transaction.script(CREATE_EMBEDDINGS) },
  {
    version: 6,
    apply: async (transaction) => {
      await transaction.script(CREATE_VOCABULARY + CREATE_TRIGRAMS)
      await indexLater(transaction, TRIGRAMS)
    },
  },
  { version: 7, apply: (transaction) => transaction.script(CREATE_SESSION_INDEX) },
  { version: 8, apply: (transaction) => transaction.script(CREATE_SYMMETRIC_INDEXES) },
]

async function indexLater(transaction: SqlTransaction, { setting }: Indexing): Promise<void> {
  const [memories] = await readValues(transaction, query(COUNT_MEMORY_NODES))
  if (Number(memories) > 0) await transaction.run([query(PUT_SETTING, setting, '')])
}

/** Adds what is missing to the table as it is, so that columns, indexes and triggers of others stay. */
async function addTemporalColumns(transaction: SqlTransaction): Promise<void> {
  const [columns = []] = await transaction.read([
    query(`SELECT name FROM pragma_table_info('relationships')`),
  ])
  const present = columns.map(([name]) => String(name))
  for (const [name, type] of Object.entries(TEMPORAL_COLUMNS)) {
    if (!present.includes(name))
      await transaction.script(`ALTER TABLE relationships ADD COLUMN ${name} ${type}`)
  }
  await transaction.script(FILL_TEMPORAL_COLUMNS)
}

/**
 * Brings a database to the present schema: an empty one in one transaction, others in one a step. Each looks again, since another
 * process may have been faster.
 */
export async function migrate(database: SqlDatabase, adopt: boolean): Promise<void> {
  for (let isComplete = false; !isComplete; ) {
    isComplete = await database.transact((transaction) => applyNext(database.name, transaction, adopt), {
      foreignKeys: false,
    })
  }
}

/** Applies the next step, or all of them where there is nothing yet; returns whether none is left. */
async function applyNext(name: string, transaction: SqlTransaction, adopt: boolean): Promise<boolean> {
  const layout = await recogniseLayout(transaction, name, adopt)
  const present = layout.kind === 'ours' ? layout.version : 0
  const ahead = MIGRATIONS.filter(({ version }) => version > present)
  const steps = layout.kind === 'empty' ? ahead : ahead.slice(0, 1)
  const last = steps.at(-1)
  if (last === undefined) return true
  try {
    for (const { apply } of steps) await apply(transaction, layout)
    await transaction.run([
      query(PUT_SETTING, 'version', BigInt(last.version)),
      query(PUT_SETTING, 'min_reader', BigInt(MIN_READER_VERSION)),
    ])
  } catch (error) {
    throw schemaFailure(name, error)
  }
  return steps.length === ahead.length
}

/** Indexes the memories that were stored before our triggers, slice by slice; goes on where an interrupted run stopped. */
export async function indexEarlierMemories(database: SqlDatabase, options: BulkOptions): Promise<void> {
  const texts = await indexInSlices(database, TEXTS, options)
  const total = (await indexInSlices(database, TRIGRAMS, options)) || texts
  options.onProgress?.({ done: total, total, phase: 'indexing' }) // others may have done a part
}

/** Returns how many memories there were, or 0 where nothing was left to do. */
async function indexInSlices(
  database: SqlDatabase,
  indexing: Indexing,
  { onProgress, signal }: BulkOptions,
): Promise<number> {
  let done = 0
  let total: number | null = null
  for (let size = FIRST_INDEX_SLICE; ; ) {
    throwIfAborted(signal)
    const before = performance.now()
    let least = 1
    const indexed = await database.transact(async (transaction) => {
      least = transaction.leastSlice
      const [cursor, memories] = await readValues(
        transaction,
        query(SELECT_SETTING, indexing.setting),
        ...(total === null ? [query(COUNT_MEMORY_NODES)] : []),
      )
      if (typeof cursor !== 'string') return null
      total ??= Number(memories)
      return indexSlice(transaction, indexing, cursor, Math.max(size, least))
    })
    if (indexed === null) return total ?? 0
    done += indexed
    onProgress?.({ done, total: total ?? done, phase: 'indexing' })
    const taken = performance.now() - before
    size = Math.max(1, Math.min(size * 2, GREATEST_INDEX_SLICE, Math.round((size * INDEX_SLICE_MS) / taken)))
    await breathe()
  }
}

async function indexSlice(
  transaction: SqlTransaction,
  { setting, statements }: Indexing,
  cursor: string,
  size: number,
): Promise<number> {
  const [rows = [], greatest] = await transaction.read([
    query(SELECT_NEXT_MEMORY_IDS, cursor, size),
    query(GREATEST_MEMORY_KEY),
  ])
  const ids = rows.map(([id]) => String(id))
  await transaction.run([
    ...statements(JSON.stringify(ids), greatest?.[0]?.[0] as number),
    ids.length < size ? query(DELETE_SETTING, setting) : query(PUT_SETTING, setting, ids.at(-1) as string),
  ])
  return ids.length
}

/** Whether nothing is left for {@link migrate} and {@link indexEarlierMemories} to do. */
export function isComplete(layout: Layout): boolean {
  return layout.kind === 'ours' && layout.version >= SCHEMA_VERSION && layout.indexed
}

function schemaFailure(name: string, error: unknown): Error {
  const translated = translateError(error, `Cannot create the schema in ${name}`)
  return translated.code === 'MG_INTERNAL'
    ? new SchemaError(translated.message, { details: translated.details, cause: error })
    : translated
}
