import { openHttp } from '@libsql/hrana-client'
import { TursoBackend } from '../../src/backends/turso/turso-backend.js'
import { emptyGraph } from './empty-graph.js'
import { type Sqld, startSqld } from './sqld.js'

/** At once, and without the notes that this library takes of its writes. */
const DELETE_GRAPH = 'BEGIN; DELETE FROM relationships; DELETE FROM nodes; DELETE FROM mg_change; COMMIT'

/** Those that a use fills; `mg_write` is a ledger of writes, which stays. */
const TABLES = [
  'nodes',
  'relationships',
  'mg_memory',
  'mg_text',
  'mg_trigram',
  'mg_change',
  'mg_revision',
  'mg_version',
  'mg_context',
  'mg_audit',
]

/** A primary that has the schema of a memory graph. */
export type KeptPrimary = {
  readonly sqld: Sqld
  /** Connected for as long as the pool is, to empty the graph. */
  readonly keeper: TursoBackend
  /** What the database was before it was first used. */
  readonly original: string
}

/** Primaries whose memory graph is empty whenever they are taken: to empty one takes less than to make the schema anew. */
export class PrimaryPool implements AsyncDisposable {
  readonly #free: KeptPrimary[] = []
  readonly #all: KeptPrimary[] = []

  async take(): Promise<KeptPrimary> {
    const free = this.#free.pop()
    if (free) return free
    const sqld = await startSqld()
    const keeper = await TursoBackend.create({ url: sqld.url, mode: 'remote' })
    const kept = { sqld, keeper, original: await contentsOf(keeper) }
    this.#all.push(kept)
    return kept
  }

  /** Empties a primary and keeps it for the next, unless it holds anything else than it did at first. */
  async giveBack(primary: KeptPrimary): Promise<void> {
    await deleteGraph(primary.sqld)
    if ((await isAsAtFirst(primary)) || (await isAsAtFirstOnceEmptied(primary))) this.#free.push(primary)
    else await dispose(primary)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#all.map(dispose))
  }
}

async function deleteGraph({ url }: Sqld): Promise<void> {
  const client = openHttp(url, undefined, undefined, undefined, 2)
  await client.openStream().sequence(DELETE_GRAPH)
  client.close()
}

async function isAsAtFirst({ keeper, original }: KeptPrimary): Promise<boolean> {
  return (await contentsOf(keeper)) === original
}

/** What takes longer: tables of its own, and entries of the audit log. */
async function isAsAtFirstOnceEmptied(primary: KeptPrimary): Promise<boolean> {
  await emptyGraph(primary.keeper)
  return isAsAtFirst(primary)
}

async function dispose({ sqld, keeper }: KeptPrimary): Promise<void> {
  await keeper.disconnect()
  await sqld[Symbol.asyncDispose]()
}

/** The schema, the settings, and how many rows the tables have of what is stored in them. */
async function contentsOf(backend: TursoBackend): Promise<string> {
  const rows = await backend.executeQuery(
    `SELECT type, name, sql FROM sqlite_master
     UNION ALL SELECT 'setting', name, CAST(value AS TEXT) FROM mg_schema
     ${TABLES.map((table) => `UNION ALL SELECT 'rows', '${table}', count(*) FROM ${table}`).join('\n')}
     ORDER BY 1, 2`,
  )
  return JSON.stringify(rows.map((row) => Object.values(row)))
}
