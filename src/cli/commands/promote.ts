import { realpath } from 'node:fs/promises'
import type { Command } from 'commander'
import type {
  PromoteCounts,
  PromoteOptions,
  PromoteReport,
  TursoBackendOptions,
} from '../../backends/turso/turso-backend.js'
import { addCommonOptions, type CommonSettings, commonSettings } from '../common-options.js'
import { promoteOptions } from '../file-config.js'
import { interruptible } from '../interruptible.js'
import { Output, oneLine } from '../output.js'
import { printDuration } from '../print-duration.js'
import { alignColumns, counted } from '../print-table.js'
import { openProgress } from '../progress.js'
import { Warnings } from '../warnings.js'
import { configOf } from '../with-backend.js'

type PromoteCommandOptions = { url?: string; merge?: true; adopt?: true }

const SHOWN_REFUSALS = 20

/** `promote`: takes a local database to a primary; exit code 1 when some of it was refused. */
export function addPromoteCommand(program: Command): void {
  const command = program
    .command('promote')
    .description(
      'Take a local database to a primary, and make the file a local copy of that. What it was is kept. Exits with 1 if entries were refused.',
    )
    .option(
      '--url <url>',
      'the primary (default: MEMORYGRAPH_TURSO_URL); its token comes from MEMORYGRAPH_TURSO_TOKEN alone',
    )
    .option('--merge', 'also into a primary that holds memories: of two versions the newer one stays')
    .option('--adopt', 'also beside tables of another program; those in the file stay in the backup alone')
  addCommonOptions(command).action(async ({ url, merge, adopt }: PromoteCommandOptions) => {
    const settings = commonSettings(command)
    const output = new Output(settings)
    const options = await promoteOptions(settings, process.env, url)
    const report = await promote(output, { ...options, adopt, merge })
    output.result(report, () => printPromote(report))
    if (!(await isUsed(settings, report))) output.note(howToUse(report))
    if (report.refused.length === 0) return
    output.warn(`${counted(report.refused.length, 'entry was', 'entries were')} refused`)
    process.exitCode = 1
  })
}

async function promote(output: Output, options: PromoteOptions): Promise<PromoteReport> {
  const { TursoBackend } = await import('../../backends/turso/turso-backend.js')
  const { onProgress, close } = openProgress(output, 'Promoting')
  const warnings = new Warnings(output)
  return warnings.during(() =>
    interruptible((signal) =>
      TursoBackend.promote({ ...options, onProgress, signal, logger: warnings.logger }).finally(close),
    ),
  )
}

/** What was taken to the primary, and the first entries that it refused. */
export function printPromote(report: PromoteReport): string {
  const {
    path,
    backup_path: backup,
    url,
    nodes,
    relationships,
    versions,
    embeddings,
    refused,
    duration_ms,
  } = report
  const facts = [
    ['local copy', oneLine(path)],
    ['primary', oneLine(url)],
    ['backup', oneLine(backup)],
    ['took', printDuration(duration_ms)],
    ['versions', String(versions)],
    ['embeddings', String(embeddings)],
    ['refused', String(refused.length)],
  ]
  const counts = [
    ['', 'copied', 'replaced', 'kept', 'unchanged'],
    ['nodes', ...columnsOf(nodes)],
    ['relationships', ...columnsOf(relationships)],
  ]
  const refusals = refused.slice(0, SHOWN_REFUSALS).map(({ kind, id, reason }) => {
    return `  ${kind} ${oneLine(id)}: ${oneLine(reason)}`
  })
  const left = refused.length - refusals.length
  const more = left > 0 ? [`  and ${left} more: use --json to see all`] : []
  return [alignColumns(facts), '', alignColumns(counts), ...refusals, ...more].join('\n')
}

function columnsOf({ copied, replaced, kept, unchanged }: PromoteCounts): string[] {
  return [copied, replaced, kept, unchanged].map(String)
}

/** Whether the other commands, called the same way, work with the file as a local copy of that primary. */
async function isUsed(settings: CommonSettings, { path, url }: PromoteReport): Promise<boolean> {
  const { completeOptions } = await import('../../backends/turso/turso-options.js')
  try {
    const { backend, ...options } = await configOf(settings, process.env)
    const { mode, path: used, primary } = completeOptions(options as TursoBackendOptions)
    const isOfIt = mode === 'replica' && primary?.url.shown === url
    return backend === 'turso' && isOfIt && (await realpath(used)) === (await realpath(path))
  } catch {
    return false // what was meant for another mode, such as --path without a URL
  }
}

function howToUse({ url, path }: PromoteReport): string {
  return `to work with it: MEMORY_BACKEND=turso MEMORYGRAPH_TURSO_URL=${oneLine(url)} MEMORY_TURSO_PATH=${oneLine(path)}`
}
