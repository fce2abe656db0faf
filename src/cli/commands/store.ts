import type { Command } from 'commander'
import type { MemoryInput } from '../../model/memory.js'
import { addCommonOptions } from '../common-options.js'
import { embedStored } from '../embed-stored.js'
import { addMemoryOptions, type MemoryOptions, memoryFields } from '../memory-options.js'
import { withBackend } from '../with-backend.js'

/** `store`: stores a memory and prints its id. */
export function addStoreCommand(program: Command): void {
  const command = program.command('store').description('Store a memory and print its id.')
  addMemoryOptions(command, true).option(
    '--id <id>',
    'id of the memory; one that exists is replaced (default: a new UUID)',
  )
  addCommonOptions(command).action(async ({ id, ...options }: MemoryOptions & { id?: string }) => {
    const fields = await memoryFields(options)
    await withBackend(command, async (tools) => {
      const { backend, output } = tools
      const stored = await backend.storeMemory({ ...fields, id } as MemoryInput)
      output.result({ id: stored }, () => stored)
      await embedStored(tools)
      return undefined
    })
  })
}
