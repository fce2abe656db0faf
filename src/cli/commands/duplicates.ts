import type { Command } from 'commander'
import { addCommonOptions } from '../common-options.js'
import { fraction } from '../option-values.js'
import { oneLine } from '../output.js'
import { withBackend } from '../with-backend.js'

/** `duplicates`: memories that say the same. */
export function addDuplicatesCommand(program: Command): void {
  const command = program
    .command('duplicates')
    .description('Show memories that have the same words, or nearly, in groups.')
    .option('--threshold <number>', 'how much of their words they share, up to 1 (default: 0.9)', fraction)
    .option('--project <path>', 'only of exactly this project')
  addCommonOptions(command).action(async (options: { threshold?: number; project?: string }) => {
    await withBackend(command, async ({ backend, output }) => {
      const { findDuplicates } = await import('../../hygiene/find-duplicates.js')
      const { threshold, project } = options
      const groups = await findDuplicates(backend, { threshold, filter: { project_path: project } })
      const memories = await backend.getMemories(groups.flatMap(({ ids }) => ids))
      const titles = new Map(memories.map(({ id, title }) => [id, title]))
      output.result(groups, () =>
        groups
          .map(({ ids, similarity }) => {
            const lines = ids.map((id) => `  ${oneLine(id)}  ${oneLine(titles.get(id) ?? '')}`)
            return [`alike by ${similarity.toFixed(2)}`, ...lines].join('\n')
          })
          .join('\n\n'),
      )
      if (groups.length === 0) output.note('no two memories are alike')
      return undefined
    })
  })
}
