import { ConflictError, MemoryError } from '../../../errors.js'
import { type Query, query } from '../sql-source.js'
import { byId, type GraphTable, isSame, NODES, RELATIONSHIPS, type StoredRow } from './graph-table.js'
import { readLocalRows } from './local-rows.js'
import type { PromoteCounts } from './promote-report.js'
import { PAGE_BYTES, PAGE_ROWS, type PromoteRun, reportCopied, throwIfStopped } from './promote-run.js'
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

/** How often in a row a batch may be lost to another writer; each time those that follow have a quarter of its rows. */
const MAX_LOST = 8

/**
 * Copies everything that the primary can hold, from where the promotion is: nodes, relationships, and then what invalidated those.
 *
 * @throws `MG_ABORTED` · `MG_CONFLICT` somebody else has written another version meanwhile · `MG_OFFLINE`
 */
export async function copyGraph(run: PromoteRun): Promise<void> {
  const copy: Readonly<Record<Stage, () => Promise<void>>> = {
    gone: () => removeGone(run),
    nodes: () => copyPages(run, NODES, 'all', (rows) => batchOfNodes(run, rows)),
    relationships: () => copyPages(run, RELATIONSHIPS, 'all', (rows) => batchOfRelationships(run, rows)),
    invalidators: () => copyPages(run, RELATIONSHIPS, 'invalidated', batchOfInvalidators),
    verify: async () => undefined,
  }
  const first = STAGES.indexOf(run.promotion.note.stage)
  for (const [at, stage] of STAGES.entries()) {
    if (at < first) continue
    if (at > first) await run.promotion.enter(stage)
    await copy[stage]()
  }
}

/** What a batch reads of the primary, and what it makes of that. */
type PreparedBatch = {
  readonly reads: readonly Query[]
  readonly next: Parameters<PromoteRun['promotion']['step']>[1]
}

async function copyPages(
  run: PromoteRun,
  table: GraphTable,
  filter: RowFilter,
  prepare: (rows: readonly StoredRow[]) => PreparedBatch,
): Promise<void> {
  const { local, promotion, signal } = run
  let share = 1
  for (let lost = 0; ; ) {
    throwIfStopped(signal)
    const limits = { rows: Math.ceil(PAGE_ROWS * share), bytes: PAGE_BYTES * share }
    const rows = await readLocalRows(local, table, filter, promotion.note.after, limits)
    const after = rows.at(-1)?.id
    if (after === undefined) return
    const { reads, next } = prepare(rows.filter((row) => faultOf(row) === null))
    try {
      await promotion.step(reads, (results, isAlone) => ({ ...next(results, isAlone), after }))
      lost = 0
    } catch (error) {
      if (!MemoryError.is(error) || error.code !== 'MG_TRANSACTION_LOST' || lost++ === MAX_LOST) throw error
      share /= 4
    }
    reportCopied(run)
  }
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
    return fate === 'copied' || fate === 'replaced' ? [query(upsert, ...valuesOf(table, row))] : []
  })
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
