import { readFileSync } from 'node:fs'
import { Command, CommanderError } from 'commander'
import { addActivityCommand } from './commands/activity.js'
import { addAsOfCommand } from './commands/as-of.js'
import { addAssignTenantCommand } from './commands/assign-tenant.js'
import { addAuditCommand } from './commands/audit.js'
import { addBackupCommand } from './commands/backup.js'
import { addBridgesCommand } from './commands/bridges.js'
import { addCentralCommand } from './commands/central.js'
import { addChangesCommand } from './commands/changes.js'
import { addClustersCommand } from './commands/clusters.js'
import { addCyclesCommand } from './commands/cycles.js'
import { addDeleteCommand } from './commands/delete.js'
import { addDemoCommand } from './commands/demo.js'
import { addDetachCommand } from './commands/detach.js'
import { addDoctorCommand } from './commands/doctor.js'
import { addDuplicatesCommand } from './commands/duplicates.js'
import { addEmbedCommand } from './commands/embed.js'
import { addExportCommand } from './commands/export.js'
import { addGetCommand } from './commands/get.js'
import { addGraphExportCommand } from './commands/graph-export.js'
import { addHealthCommand } from './commands/health.js'
import { addHistoryCommand } from './commands/history.js'
import { addImportCommand } from './commands/import.js'
import { addInvalidateCommand } from './commands/invalidate.js'
import { addLinkCommand } from './commands/link.js'
import { addMergeCommand } from './commands/merge.js'
import { addMigrateCommand } from './commands/migrate.js'
import { addNeighborsCommand } from './commands/neighbors.js'
import { addPathCommand } from './commands/path.js'
import { addPromoteCommand } from './commands/promote.js'
import { addPruneCommand } from './commands/prune.js'
import { addRecallCommand } from './commands/recall.js'
import { addReembedCommand } from './commands/reembed.js'
import { addRelatedCommand } from './commands/related.js'
import { addSearchCommand } from './commands/search.js'
import { addSimilarCommand } from './commands/similar.js'
import { addStatsCommand } from './commands/stats.js'
import { addStoreCommand } from './commands/store.js'
import { addSuggestCommand } from './commands/suggest.js'
import { addSyncCommand } from './commands/sync.js'
import { addSyncStatusCommand } from './commands/sync-status.js'
import { addUpdateCommand } from './commands/update.js'
import { addCommonOptions } from './common-options.js'
import { describeError, Output, USAGE } from './output.js'
import { UsageError } from './usage-error.js'

const PROGRAM_NAME = 'memorygraph-turso'

const FAILURE = 1
const WRONG_USAGE = 2

/** Runs one command line and sets the exit code: 0 success, 1 failure or not found, 2 wrong usage. */
export async function runProgram(parameters: readonly string[]): Promise<void> {
  const program = buildProgram()
  try {
    await program.parseAsync(parameters, { from: 'user' })
  } catch (error) {
    process.exitCode = report(program, error, parameters)
  }
}

/** All commands. Their options are known at once, their work is loaded when it is needed. */
function buildProgram(): Command {
  const program = new Command(PROGRAM_NAME)
    .description('Graph memory for AI agents in one libSQL file.')
    .version(readVersion(), '-v, --version')
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput({ outputError: () => undefined })
  addCommonOptions(program)
  addStoreCommand(program)
  addGetCommand(program)
  addSearchCommand(program)
  addRecallCommand(program)
  addRelatedCommand(program)
  addNeighborsCommand(program)
  addPathCommand(program)
  addSimilarCommand(program)
  addLinkCommand(program)
  addSuggestCommand(program)
  addInvalidateCommand(program)
  addUpdateCommand(program)
  addDeleteCommand(program)
  addHistoryCommand(program)
  addAsOfCommand(program)
  addChangesCommand(program)
  addCyclesCommand(program)
  addClustersCommand(program)
  addCentralCommand(program)
  addBridgesCommand(program)
  addDuplicatesCommand(program)
  addMergeCommand(program)
  addPruneCommand(program)
  addAssignTenantCommand(program)
  addStatsCommand(program)
  addActivityCommand(program)
  addAuditCommand(program)
  addHealthCommand(program)
  addEmbedCommand(program)
  addReembedCommand(program)
  addSyncCommand(program)
  addSyncStatusCommand(program)
  addBackupCommand(program)
  addDoctorCommand(program)
  addPromoteCommand(program)
  addDetachCommand(program)
  addExportCommand(program)
  addGraphExportCommand(program)
  addImportCommand(program)
  addMigrateCommand(program)
  addDemoCommand(program)
  return program
}

function report(program: Command, error: unknown, parameters: readonly string[]): number {
  if (error instanceof CommanderError && error.exitCode === 0) return 0
  if (error instanceof CommanderError && error.code === 'commander.help') return WRONG_USAGE
  const { quiet, color } = program.opts<{ quiet?: true; color: boolean }>()
  const output = new Output({ json: parameters.includes('--json'), quiet: quiet === true, color })
  if (error instanceof CommanderError || error instanceof UsageError) {
    output.error(USAGE, usageMessage(error))
    output.note(`see ${PROGRAM_NAME} --help, or ${PROGRAM_NAME} <command> --help`)
    return WRONG_USAGE
  }
  const { code, message } = describeError(error)
  output.error(code, message)
  return code === 'MG_CONFIGURATION' ? WRONG_USAGE : FAILURE
}

/** What is wrong with the command line. The value of an unknown option is left out: it may be a secret. */
function usageMessage({ message }: Error): string {
  return message.replace(/^error: /, '').replace(/^(unknown option '[^'=]*)=[\s\S]*$/, "$1'")
}

function readVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
  return String((manifest as { version: unknown }).version)
}
