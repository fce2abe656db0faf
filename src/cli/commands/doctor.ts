import type { Command } from 'commander'
import type {
  IntegrityProblem,
  IntegrityReport,
  RemoveReport,
  RepairReport,
} from '../../backends/turso/turso-backend.js'
import { addCommonOptions, commonSettings } from '../common-options.js'
import { withDatabase } from '../existing-database.js'
import { fileConfig } from '../file-config.js'
import { Output, oneLine } from '../output.js'
import { alignColumns, counted } from '../print-table.js'
import { UsageError } from '../usage-error.js'

type DoctorOptions = { repair?: true; dryRun?: true; remove?: true; force?: true }

/** Entries that are named of each problem. */
const SHOWN = 5

/** `doctor`: looks for what is wrong with the database; exit code 1 when there is something, or something is left. */
export function addDoctorCommand(program: Command): void {
  const command = program
    .command('doctor')
    .description(
      'Look for what is wrong with the database, and repair it; exits with 1 if something is, or is left.',
    )
    .option('--repair', 'make anew what can be, and delete relationships without an end, which are printed')
    .option('--dry-run', 'with --repair: tell only what would be done')
    .option(
      '--remove',
      'take the tables of this program out of a local file, and leave those of MemoryGraph for Python',
    )
    .option('--force', 'with --remove: also where earlier versions of memories are lost with them')
  addCommonOptions(command).action(async (options: DoctorOptions) => {
    requireSense(options)
    if (options.remove) return removeTables(command, options.force === true)
    await withDatabase(command, async ({ backend, output }) => {
      if (!options.repair) {
        const report = await backend.checkIntegrity()
        output.result(report, () => printCheck(output, report))
        return report.ok ? 0 : 1
      }
      const report = await backend.repair({ dryRun: options.dryRun })
      output.result(report, () => printRepair(output, report))
      return report.ok ? 0 : 1
    })
  })
}

function requireSense({ repair, dryRun, remove, force }: DoctorOptions): void {
  if (repair && remove)
    throw new UsageError('options --repair and --remove do not go together: give one of them')
  if (dryRun && !repair) throw new UsageError('option --dry-run needs --repair')
  if (force && !remove) throw new UsageError('option --force needs --remove')
}

async function removeTables(command: Command, force: boolean): Promise<void> {
  const settings = commonSettings(command)
  const file = await fileConfig(settings, process.env)
  const { TursoBackend } = await import('../../backends/turso/turso-backend.js')
  const report = await TursoBackend.removeOwnTables({ ...file, force })
  new Output(settings).result(report, () => printRemoval(report))
}

function printCheck(output: Output, { ok, problems, checked }: IntegrityReport): string {
  const skipped = checked
    .filter((check) => check.skipped !== null)
    .map(({ kind, skipped }) => `not checked: ${kind}: ${oneLine(skipped ?? '')}`)
  const hint = problems.some(({ repairable }) => repairable)
    ? ['"doctor --repair" puts right what is marked as repairable']
    : []
  return [verdict(output, ok), ...problems.map(printProblem), ...skipped, ...hint].join('\n')
}

function printRepair(output: Output, report: RepairReport): string {
  const { dry_run: isDry, repaired, deleted_relationships: deleted, remaining, ok } = report
  return [
    ...repaired.map(({ kind, count }) => `${isDry ? 'would repair' : 'repaired'} ${kind}: ${count}`),
    ...deleted.map((row) => `${isDry ? 'would delete' : 'deleted'} ${oneLine(JSON.stringify(row))}`),
    ...(isDry ? [] : remaining.map(printProblem)),
    verdict(output, ok),
  ].join('\n')
}

function verdict(output: Output, ok: boolean): string {
  return ok
    ? output.style('green', 'the database is sound')
    : output.style('red', 'the database has problems')
}

function printProblem({ kind, count, ids, what, repairable, harmless }: IntegrityProblem): string {
  const mark = harmless ? 'harmless' : repairable ? 'repairable' : 'not repairable'
  const named = ids.slice(0, SHOWN).map(oneLine).join(', ')
  const more = count > SHOWN ? `, and ${counted(count - SHOWN, 'other')}` : ''
  return `${kind} (${count}, ${mark}): ${what}\n  ${named}${more}`
}

function printRemoval({ path, removed, lost }: RemoveReport): string {
  return alignColumns([
    ['file', oneLine(path)],
    [
      'removed',
      removed.length === 0 ? 'nothing: there was nothing of this program' : removed.map(oneLine).join(', '),
    ],
    ...Object.entries(lost).map(([table, rows]) => ['lost', `${oneLine(table)}: ${counted(rows, 'row')}`]),
  ])
}
