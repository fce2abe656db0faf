import type { Command } from 'commander'
import { addCommonOptions } from '../common-options.js'
import { oneLine } from '../output.js'
import { withBackend } from '../with-backend.js'
import { noMemory } from './get.js'

/** `delete`: deletes a memory and its relationships. */
export function addDeleteCommand(program: Command): void {
  const command = program
    .command('delete')
    .alias('rm')
    .description('Delete a memory and its relationships.')
    .argument('<id>', 'id of the memory')
  addCommonOptions(command).action(async (id: string) => {
    await withBackend(command, async ({ backend, output }) => {
      if (!(await backend.deleteMemory(id))) throw noMemory(id)
      output.result({ id, deleted: true }, () => `deleted ${oneLine(id)}`)
      return undefined
    })
  })
}
