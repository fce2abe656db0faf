import { SyncError } from '../../../errors.js'
import { query } from '../sql-source.js'
import { COUNT_NODES, COUNT_RELATIONSHIPS } from '../statements.js'
import { endsOf, fateOf, idsOf } from './copy-graph.js'
import { eachPage } from './each-page.js'
import { byId, type GraphTable, NODES, RELATIONSHIPS, type StoredRow } from './graph-table.js'
import { rowPages } from './local-rows.js'
import type { PromoteRefusal } from './promote-report.js'
import type { PromoteRun } from './promote-run.js'
import { selectOddIds, selectPresent, selectRows } from './promote-statements.js'
import { readsDifferently } from './reads-differently.js'
import { faultOf } from './storable.js'
import { verifyEmbeddings } from './verify-embeddings.js'
import { verifyVersions } from './verify-versions.js'

/** What the primary has of a page of rows, and of the rows that those refer to. */
type Found = {
  readonly rows: ReadonlyMap<string, StoredRow>
  readonly nodes: ReadonlySet<unknown>
  readonly relationships: ReadonlySet<unknown>
}

/** Whether the primary has a row, and what it has not of it. */
type Verdict = { readonly isStored: boolean; readonly reason: string | null }

/**
 * Reads back what was copied and compares each row with the file's; returns those that the primary cannot hold.
 *
 * @throws `MG_SYNC` there is a difference · `MG_ABORTED` · `MG_OFFLINE`
 */
export async function verifyCopy(run: PromoteRun): Promise<PromoteRefusal[]> {
  const refused: PromoteRefusal[] = []
  const stored = { nodes: 0, relationships: 0 }
  let done = 0
  const tell = (count: number): void => {
    done += count
    run.onProgress?.({ done, total: run.total, phase: 'verifying' })
  }
  for (const table of [NODES, RELATIONSHIPS]) {
    refused.push(...(await oddRows(run, table)))
    for await (const page of eachPage(run, rowPages(run.local, table, 'all'))) {
      const found = await findOnPrimary(run, table, page)
      for (const row of page) {
        const { isStored, reason } = verdictOf(run, table, row, found)
        if (isStored) stored[table.name]++
        if (reason !== null) refused.push({ kind: table.kind, id: row.id, reason })
      }
      tell(page.length)
    }
  }
  refused.push(...(await verifyVersions(run, tell)))
  refused.push(...(await verifyEmbeddings(run, tell)))
  await compareCounts(run, stored)
  run.onProgress?.({ done: run.total, total: run.total, phase: 'verifying' })
  return refused
}

async function findOnPrimary(
  { primary }: PromoteRun,
  table: GraphTable,
  page: readonly StoredRow[],
): Promise<Found> {
  const ids = page.filter((row) => faultOf(row) === null)
  const isJoining = table === RELATIONSHIPS
  const [rows = [], nodes = [], relationships = []] = await primary.read([
    query(selectRows(table), idsOf(ids)),
    ...(isJoining
      ? [query(selectPresent(NODES), endsOf(ids)), query(selectPresent(RELATIONSHIPS), invalidatorsOf(ids))]
      : []),
  ])
  const setOf = (found: unknown[][]): Set<unknown> => new Set(found.map(([id]) => id))
  return { rows: byId(table, rows), nodes: setOf(nodes), relationships: setOf(relationships) }
}

function invalidatorsOf(rows: readonly StoredRow[]): string {
  return JSON.stringify([...new Set(rows.flatMap((row) => row['invalidated_by'] ?? []))])
}

function verdictOf(run: PromoteRun, table: GraphTable, row: StoredRow, found: Found): Verdict {
  const existing = found.rows.get(row.id)
  const fault = faultOf(row) ?? (existing === undefined ? missingEndOf(table, row, found) : null)
  if (fault !== null) return { isStored: false, reason: fault }
  if (existing === undefined) throw readsDifferently(run, table.kind, row.id)
  const fate = fateOf(table, row, existing, run.merge, false)
  if (fate === 'kept' && (run.kept.has(row.id) || run.isResumed)) return { isStored: true, reason: null }
  if (fate !== 'unchanged') throw readsDifferently(run, table.kind, row.id)
  const invalidator = row['invalidated_by'] ?? null
  if (invalidator === (existing['invalidated_by'] ?? null)) return { isStored: true, reason: null }
  if (found.relationships.has(invalidator)) throw readsDifferently(run, table.kind, row.id)
  return {
    isStored: true,
    reason: `invalidated_by names ${JSON.stringify(invalidator)}, which is no relationship that can be stored: it was copied without that`,
  }
}

function missingEndOf(table: GraphTable, row: StoredRow, { nodes }: Found): string | null {
  if (table !== RELATIONSHIPS) return null
  const missing = ['from_id', 'to_id'].filter((column) => !nodes.has(row[column]))
  if (missing.length === 0) return null
  return missing
    .map((column) => `${column} names ${JSON.stringify(row[column])}, which is no node that can be stored`)
    .join('; ')
}

async function oddRows({ local }: PromoteRun, table: GraphTable): Promise<PromoteRefusal[]> {
  const [rows = []] = await local.read([query(selectOddIds(table))])
  return rows.map(([id]) => ({ kind: table.kind, id: String(id), reason: 'its id is no text' }))
}

/** Without merging, the primary holds what was copied and nothing else, unless somebody else has begun to use it. */
async function compareCounts(
  run: PromoteRun,
  stored: { readonly nodes: number; readonly relationships: number },
): Promise<void> {
  const { values, isAlone } = await run.promotion.look(query(COUNT_NODES), query(COUNT_RELATIONSHIPS))
  const [nodes, relationships] = values.map(Number) as [number, number]
  const isRight = isAlone
    ? nodes === stored.nodes && relationships === stored.relationships
    : nodes >= stored.nodes && relationships >= stored.relationships
  if (isRight) return
  throw new SyncError(
    `${run.primary.name} holds ${nodes} nodes and ${relationships} relationships, where ${stored.nodes} and ${stored.relationships} were copied: the file was left as it is; promote again`,
    { details: { nodes, relationships, copied: stored } },
  )
}
