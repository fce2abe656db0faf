import type { Command } from 'commander'
import type { ImportReport } from '../../transfer/import-json.js'
import { addCommonOptions } from '../common-options.js'
import { interruptible } from '../interruptible.js'
import { oneLine } from '../output.js'
import { alignColumns, counted } from '../print-table.js'
import { openProgress } from '../progress.js'
import { readJson } from '../read-text.js'
import { withBackend } from '../with-backend.js'

const SHOWN_REFUSALS = 20

/** `import-json`: imports an export of MemoryGraph; exit code 1 when some of it was refused. */
export function addImportJsonCommand(program: Command): void {
  const command = program
    .command('import-json')
    .description(
      'Import a JSON export of MemoryGraph; importing twice changes nothing. Exits with 1 if entries were refused.',
    )
    .argument('<file>', 'the export, or "-" for stdin')
    .option('--dry-run', 'write nothing, only report')
  addCommonOptions(command).action(async (file: string, options: { dryRun?: true }) => {
    const document = await readJson(file)
    const { importJson } = await import('../../transfer/import-json.js')
    await withBackend(command, async ({ backend, output }) => {
      const { onProgress, close } = openProgress(output, 'Importing')
      const dryRun = options.dryRun === true
      const report = await interruptible((signal) =>
        importJson(backend, document, { onProgress, signal, dryRun }).finally(close),
      )
      output.result(report, () => printImport(report))
      if (dryRun) output.note('dry run: nothing was written')
      if (report.refused.length === 0) return 0
      output.warn(`${counted(report.refused.length, 'entry was', 'entries were')} refused`)
      return 1
    })
  })
}

/** What an import did, one count a line, and the first entries it refused. */
export function printImport(report: ImportReport): string {
  const counts = alignColumns([
    ['memories imported', String(report.imported_memories)],
    ['memories updated', String(report.updated_memories)],
    ['memories unchanged', String(report.unchanged_memories)],
    ['relationships imported', String(report.imported_relationships)],
    ['relationships already there', String(report.skipped_relationships)],
    ['entries refused', String(report.refused.length)],
  ])
  const refusals = report.refused.slice(0, SHOWN_REFUSALS).map(({ kind, index, id, reason }) => {
    return `  ${kind} ${index}${id === null ? '' : ` (${oneLine(id)})`}: ${oneLine(reason)}`
  })
  const left = report.refused.length - refusals.length
  return [counts, ...refusals, ...(left > 0 ? [`  and ${left} more: use --json to see all`] : [])].join('\n')
}
