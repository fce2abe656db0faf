import type { Command } from 'commander'
import type { BackupReport } from '../../backends/turso/turso-backend.js'
import { addCommonOptions } from '../common-options.js'
import { withDatabase } from '../existing-database.js'
import { interruptible } from '../interruptible.js'
import { oneLine } from '../output.js'
import { printDuration } from '../print-duration.js'
import { alignColumns } from '../print-table.js'
import { openProgress } from '../progress.js'

/** `backup`: copies the database to a file, whoever uses it meanwhile. */
export function addBackupCommand(program: Command): void {
  const command = program
    .command('backup')
    .description(
      'Write a complete, verified copy of the database to a file, also while programs write to it.',
    )
    .argument('<file>', 'the file to write')
    .option('--overwrite', 'replace the file if there is one')
  addCommonOptions(command).action(async (file: string, { overwrite }: { overwrite?: true }) => {
    await withDatabase(command, async ({ backend, output }) => {
      const { onProgress, close } = openProgress(output, 'Copying')
      const report = await interruptible((signal) =>
        backend.backup(file, { overwrite, onProgress, signal }).finally(close),
      )
      if (report.synced === false)
        output.warn(
          'the primary did not answer: what it has and the local copy has not is missing in the backup',
        )
      output.result(report, () => printBackup(report))
      return undefined
    })
  })
}

function printBackup(report: BackupReport): string {
  return alignColumns([
    ['backup', oneLine(report.path)],
    ['memories', String(report.memory_count)],
    ['nodes', String(report.node_count)],
    ['relationships', String(report.relationship_count)],
    ['bytes', String(report.bytes)],
    ['encrypted', report.encrypted ? 'yes' : 'no'],
    ['took', printDuration(report.duration_ms)],
  ])
}
