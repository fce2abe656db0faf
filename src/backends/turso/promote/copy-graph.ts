import { ConflictError } from '../../../errors.js'
import { type Query, query } from '../sql-source.js'
import { copyEmbeddings } from './copy-embeddings.js'
import { copyPages, type PreparedBatch } from './copy-pages.js'
import { copyVersions } from './copy-versions.js'
import { byId, type GraphTable, isSame, NODES, RELATIONSHIPS, type StoredRow } from './graph-table.js'
import { rowPages } from './local-rows.js'
import type { PromoteCounts } from './promote-report.js'
import type { PromoteRun } from './promote-run.js'
import {
  type RowFilter,
  SET_INVALIDATOR,
  selectPresent,
  selectRows,
  upsertRow,
} from './promote-statements.js'
import type { Batch } from './promotion.js'
import { STAGES, type Stage } from './promotion-note.js'
import { removeGone } from './remove-gone.js'
import { faultOf } from './storable.js'
import { DELETE_REVISION, DELETE_VERSIONS } from './version-statements.js'

/**
 * Copies everything that the primary can hold, from where the promotion is: nodes, relationships, what invalidated those, earlier
 * versions of memories, and embeddings.
 *
 * @throws `MG_ABORTED` · `MG_CONFLICT` somebody else has written another version meanwhile · `MG_OFFLINE`
 */
export async function copyGraph(run: PromoteRun): Promise<void> {
  const copy: Readonly<Record<Stage, () => Promise<void>>> = {
    gone: () => removeGone(run),
    nodes: () => copyRows(run, NODES, 'all', (rows) => batchOfNodes(run, rows)),
    relationships: () => copyRows(run, RELATIONSHIPS, 'all', (rows) => batchOfRelationships(run, rows)),
    invalidators: () => copyRows(run, RELATIONSHIPS, 'invalidated', batchOfInvalidators),
    versions: () => copyVersions(run),
    embeddings: () => copyEmbeddings(run),
    verify: async () => undefined,
  }
  const first = STAGES.indexOf(run.promotion.note.stage)
  for (const [at, stage] of STAGES.entries()) {
    if (at < first) continue
    if (at > first) await run.promotion.enter(stage)
    await copy[stage]()
  }
}

function copyRows(
  run: PromoteRun,
  table: GraphTable,
  filter: RowFilter,
  prepare: (rows: readonly StoredRow[]) => PreparedBatch,
): Promise<void> {
  return copyPages(run, rowPages(run.local, table, filter), (rows) =>
    prepare(rows.filter((row) => faultOf(row) === null)),
  )
}

function batchOfNodes(run: PromoteRun, rows: readonly StoredRow[]): PreparedBatch {
  return {
    reads: [query(selectRows(NODES), idsOf(rows))],
    next: ([existing = []], isAlone) => {
      const counts = { ...run.promotion.note.nodes }
      const writes = decide(run, NODES, rows, byId(NODES, existing), isAlone, counts)
      return { writes, nodes: counts }
    },
  }
}

/** Of the relationships, those whose ends the primary has. */
function batchOfRelationships(run: PromoteRun, rows: readonly StoredRow[]): PreparedBatch {
  return {
    reads: [query(selectRows(RELATIONSHIPS), idsOf(rows)), query(selectPresent(NODES), endsOf(rows))],
    next: ([existing = [], present = []], isAlone) => {
      const ends = new Set(present.map(([id]) => id))
      const joined = rows.filter((row) => ends.has(row['from_id']) && ends.has(row['to_id']))
      const counts = { ...run.promotion.note.relationships }
      const writes = decide(run, RELATIONSHIPS, joined, byId(RELATIONSHIPS, existing), isAlone, counts)
      return { writes, relationships: counts }
    },
  }
}

/** Of the relationships that were invalidated, those that the primary has as they are here. */
function batchOfInvalidators(rows: readonly StoredRow[]): PreparedBatch {
  return {
    reads: [query(selectRows(RELATIONSHIPS), idsOf(rows))],
    next: ([existing = []]): Batch => {
      const stored = byId(RELATIONSHIPS, existing)
      const same = rows.filter((row) => {
        const found = stored.get(row.id)
        return found !== undefined && isSame(RELATIONSHIPS.content, row, found)
      })
      return { writes: same.map((row) => query(SET_INVALIDATOR, row.id, row['invalidated_by'] ?? null)) }
    },
  }
}

/** The rows to be stored; counts what becomes of all of them. */
function decide(
  { merge, kept, primary }: PromoteRun,
  table: GraphTable,
  rows: readonly StoredRow[],
  existing: ReadonlyMap<string, StoredRow>,
  isAlone: boolean,
  counts: PromoteCounts,
): Query[] {
  const upsert = upsertRow(table)
  return rows.flatMap((row) => {
    const fate = fateOf(table, row, existing.get(row.id), merge, isAlone)
    if (fate === 'conflict') throw changedMeanwhile(primary.name, table, row.id)
    counts[fate]++
    if (fate === 'kept') kept.add(row.id)
    if (fate !== 'copied' && fate !== 'replaced') return []
    const isOurs = fate === 'replaced' && !merge
    return [
      query(upsert, ...valuesOf(table, row)),
      ...(isOurs && table === NODES ? forgetHistory(row.id) : []),
    ]
  })
}

// What was copied before is no earlier version: the memory may have been deleted since, and made anew.
function forgetHistory(id: string): Query[] {
  return [query(DELETE_VERSIONS, id), query(DELETE_REVISION, id)]
}

/** What becomes of a row that the primary has in this version, or not at all. */
export function fateOf(
  table: GraphTable,
  row: StoredRow,
  existing: StoredRow | undefined,
  merge: boolean,
  isAlone: boolean,
): keyof PromoteCounts | 'conflict' {
  if (existing === undefined) return 'copied'
  if (isSame(merge ? table.content : table.columns, row, existing)) return 'unchanged'
  if (merge) return table.isNewer(row, existing) ? 'replaced' : 'kept'
  return isAlone ? 'replaced' : 'conflict'
}

function valuesOf({ columns }: GraphTable, row: StoredRow): Query['values'] {
  return columns.filter((column) => column !== 'invalidated_by').map((column) => row[column] ?? null)
}

/** The ids of rows as one value to bind. */
export function idsOf(rows: readonly StoredRow[]): string {
  return JSON.stringify(rows.map((row) => row.id))
}

/** The ids of the ends of relationships as one value to bind. */
export function endsOf(rows: readonly StoredRow[]): string {
  return JSON.stringify([...new Set(rows.flatMap((row) => [row['from_id'], row['to_id']]))])
}

function changedMeanwhile(name: string, { kind }: GraphTable, id: string): ConflictError {
  return new ConflictError(
    `${name} has another version of the ${kind} ${JSON.stringify(id)}, which somebody else has written since the promotion began: to keep of two versions the newer, promote with merge: true (--merge)`,
    { details: { kind, id } },
  )
}
