import type { Command } from 'commander'
import { MemoryNotFoundError } from '../../errors.js'
import { addCommonOptions } from '../common-options.js'
import { printMemory } from '../print-memory.js'
import { withBackend } from '../with-backend.js'

/** `get`: shows one memory. */
export function addGetCommand(program: Command): void {
  const command = program
    .command('get')
    .description('Show a memory.')
    .argument('<id>', 'id of the memory')
    .option('--no-relationships', 'leave out what it is joined to')
  addCommonOptions(command).action(async (id: string, options: { relationships: boolean }) => {
    await withBackend(command, async ({ backend, output }) => {
      const memory = await backend.getMemory(id, options.relationships)
      if (memory === null) throw noMemory(id)
      output.result(memory, () => printMemory(output, memory))
      return undefined
    })
  })
}

/** What commands fail with when there is no memory with the id they were given. */
export function noMemory(id: string): MemoryNotFoundError {
  return new MemoryNotFoundError(`There is no memory with the id ${JSON.stringify(id)}`, { details: { id } })
}
