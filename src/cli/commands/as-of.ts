import type { Command } from 'commander'
import { addCommonOptions } from '../common-options.js'
import { instant } from '../option-values.js'
import { printMemory } from '../print-memory.js'
import { withBackend } from '../with-backend.js'
import { noMemory } from './get.js'

/** `as-of`: a memory, and what it was joined to, at an instant. */
export function addAsOfCommand(program: Command): void {
  const command = program
    .command('as-of')
    .description('Show a memory as it was at a time, with what it was joined to then.')
    .argument('<id>', 'id of the memory')
    .argument('<time>', 'ISO 8601; without a zone it is UTC', instant)
  addCommonOptions(command).action(async (id: string, asOf: string) => {
    await withBackend(command, async ({ backend, output }) => {
      const memory = await backend.getMemory(id, { asOf })
      if (memory === null) throw noMemory(id)
      output.result(memory, () => printMemory(output, memory))
      return undefined
    })
  })
}
