import type { Command } from 'commander'
import { addCommonOptions } from '../common-options.js'
import { oneLine } from '../output.js'
import { withBackend } from '../with-backend.js'

/** `invalidate`: ends a relationship. */
export function addInvalidateCommand(program: Command): void {
  const command = program
    .command('invalidate')
    .description('End a relationship now; it stays in the history.')
    .argument('<relationship-id>', 'id of the relationship, as "history" shows it')
    .option('--by <id>', 'id of the relationship that takes its place')
  addCommonOptions(command).action(async (id: string, { by }: { by?: string }) => {
    await withBackend(command, async ({ backend, output }) => {
      const invalidated = await backend.invalidateRelationship(id, by)
      output.result({ id, invalidated }, () =>
        invalidated ? `ended ${oneLine(id)}` : `${oneLine(id)} had ended before`,
      )
      return undefined
    })
  })
}
