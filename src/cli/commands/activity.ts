import type { Command } from 'commander'
import type { RecentActivity } from '../../backends/graph-backend.js'
import { addCommonOptions } from '../common-options.js'
import { number } from '../option-values.js'
import { type Output, oneLine } from '../output.js'
import { printMemories } from '../print-memory.js'
import { alignColumns, counted } from '../print-table.js'
import { withBackend } from '../with-backend.js'
import { byCount } from './stats.js'

const DEFAULT_DAYS = 7
const MAX_DAYS = 36_500

/** `activity`: what was stored lately, and which problems are open. */
export function addActivityCommand(program: Command): void {
  const command = program
    .command('activity')
    .description('Show what was stored lately, and which problems nothing solves yet.')
    .option('--days <n>', `how far to look back (default: ${DEFAULT_DAYS})`, number(0, MAX_DAYS))
    .option('--project <path>', 'of exactly this project')
  addCommonOptions(command).action(async (options: { days?: number; project?: string }) => {
    await withBackend(command, async ({ backend, output }) => {
      const activity = await backend.getRecentActivity(options.days ?? DEFAULT_DAYS, options.project)
      output.result(activity, () => printActivity(output, activity))
      return undefined
    })
  })
}

function printActivity(output: Output, activity: RecentActivity): string {
  const { total_count, memories_by_type, recent_memories, unresolved_problems, days, project } = activity
  const where = project === null ? '' : ` in ${oneLine(project)}`
  const parts = [`${counted(total_count, 'memory', 'memories')} in ${counted(days, 'day')}${where}`]
  const types = byCount(memories_by_type).map(([type, count]) => [oneLine(type), String(count)])
  if (types.length > 0) parts.push(alignColumns(types, '  '))
  if (recent_memories.length > 0) parts.push(`newest\n${printMemories(output, recent_memories)}`)
  if (unresolved_problems.length > 0)
    parts.push(`open problems\n${printMemories(output, unresolved_problems)}`)
  return parts.join('\n\n')
}
