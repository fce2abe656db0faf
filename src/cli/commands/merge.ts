import type { Command } from 'commander'
import { addCommonOptions } from '../common-options.js'
import { embedStored } from '../embed-stored.js'
import { oneLine } from '../output.js'
import { counted } from '../print-table.js'
import { withBackend } from '../with-backend.js'

/** `merge`: one memory of several. */
export function addMergeCommand(program: Command): void {
  const command = program
    .command('merge')
    .description(
      'Make one memory of several that say the same: the first one is kept and gets what it lacks.',
    )
    .argument('<id>', 'the memory that is kept')
    .argument('<others...>', 'those that it takes over')
  addCommonOptions(command).action(async (id: string, others: string[]) => {
    await withBackend(command, async (tools) => {
      const { backend, output } = tools
      const { mergeMemories } = await import('../../hygiene/merge-memories.js')
      const report = await mergeMemories(backend, id, others)
      output.result(report, () => oneLine(report.id))
      output.note(
        `merged ${counted(report.merged.length, 'memory', 'memories')}, moved ${counted(report.moved_relationships, 'relationship')}`,
      )
      for (const { type, from_memory_id: from, to_memory_id: to } of report.dropped_relationships)
        output.note(`gone, since both ends are one now: ${oneLine(from)} ${type} ${oneLine(to)}`)
      await embedStored(tools)
      return undefined
    })
  })
}
