import type { ImportCounts, ImportReport } from '../transfer/import-report.js'
import { type Output, oneLine } from './output.js'
import { alignColumns, counted } from './print-table.js'

const SHOWN_REFUSALS = 20

/** What an import or a migration did, and the first records it refused. */
export function printImport(report: ImportReport): string {
  const { nodes, relationships, embeddings } = report
  const hasVectors = Object.values(embeddings).some((count) => count > 0)
  const kinds = [nodes, relationships, ...(hasVectors ? [embeddings] : [])]
  const row = (label: string, outcome: keyof ImportCounts): string[] => [
    label,
    ...kinds.map((counts) => String(counts[outcome])),
  ]
  const counts = alignColumns([
    [report.format, 'memories', 'relationships', ...(hasVectors ? ['vectors'] : [])],
    row('imported', 'imported'),
    row('replaced', 'replaced'),
    row('kept as they were', 'kept'),
    row('there already', 'unchanged'),
    row('refused', 'refused'),
  ])
  const refusals = report.refused.slice(0, SHOWN_REFUSALS).map(({ id, place, reason }) => {
    return `  ${oneLine(place)}${id === null ? '' : ` (${oneLine(id)})`}: ${oneLine(reason)}`
  })
  const left = total(report, 'refused') - refusals.length
  return [counts, ...refusals, ...(left > 0 ? [`  and ${left} more: use --json to see more`] : [])].join('\n')
}

/** Prints a report and says what a person should know besides; the exit code is 1 when some of it was refused. */
export function showImport(output: Output, report: ImportReport): number {
  output.result(report, () => printImport(report))
  if (report.dry_run) output.note('dry run: nothing was written')
  const kept = total(report, 'kept')
  if (kept > 0 && report.on_conflict === 'newer') {
    output.note(
      `${counted(kept, 'record')} said something else and not later: --on-conflict replace imports them`,
    )
  }
  const refused = total(report, 'refused')
  if (refused === 0) return 0
  output.warn(`${counted(refused, 'record was', 'records were')} refused`)
  return 1
}

function total({ nodes, relationships, embeddings }: ImportReport, outcome: keyof ImportCounts): number {
  return nodes[outcome] + relationships[outcome] + embeddings[outcome]
}
