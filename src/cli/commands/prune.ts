import type { Command } from 'commander'
import { MEMORY_TYPES, type MemoryType } from '../../model/memory-type.js'
import { addCommonOptions } from '../common-options.js'
import { fraction, instant, list, listOf } from '../option-values.js'
import { oneLine } from '../output.js'
import { counted } from '../print-table.js'
import { withBackend } from '../with-backend.js'

type PruneCommandOptions = {
  olderThan?: string
  minImportance?: number
  types?: MemoryType[]
  project?: string
  keepTags?: string[]
  keepRelated?: true
  dryRun?: true
}

/** `prune`: deletes what is old or not important. */
export function addPruneCommand(program: Command): void {
  const command = program
    .command('prune')
    .description('Delete memories that are old, or not important, and print their ids.')
    .option('--older-than <time>', 'not changed since this time', instant)
    .option('--min-importance <number>', 'less important than this, 0 to 1', fraction)
    .option('--types <types>', 'only of these types, separated by commas', listOf(MEMORY_TYPES))
    .option('--project <path>', 'only of exactly this project')
    .option('--keep-tags <tags>', 'none with any of these tags, separated by commas', list)
    .option('--keep-related', 'none that is joined to another')
    .option('--dry-run', 'only show what would be deleted')
  addCommonOptions(command).action(async (options: PruneCommandOptions) => {
    await withBackend(command, async ({ backend, output }) => {
      const { prune } = await import('../../hygiene/prune.js')
      const { types, project, keepTags, keepRelated, dryRun, olderThan, minImportance } = options
      const report = await prune(backend, {
        olderThan,
        minImportance,
        memoryTypes: types,
        projectPath: project,
        keepTags,
        keepRelated,
        dryRun,
      })
      output.result(report, () => report.ids.map(oneLine).join('\n'))
      const count = counted(report.ids.length, 'memory', 'memories')
      output.note(report.dry_run ? `${count} would be deleted` : `deleted ${count}`)
      return undefined
    })
  })
}
