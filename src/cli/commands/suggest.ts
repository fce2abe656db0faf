import type { Command } from 'commander'
import { addCommonOptions } from '../common-options.js'
import { alignColumns } from '../print-table.js'
import { withBackend } from '../with-backend.js'
import { noMemory } from './get.js'

/** `suggest`: which relationship types fit two memories. */
export function addSuggestCommand(program: Command): void {
  const command = program
    .command('suggest')
    .description('Show which relationship types fit from one memory to another, best first.')
    .argument('<from>', 'id of the memory it would start from')
    .argument('<to>', 'id of the memory it would lead to')
  addCommonOptions(command).action(async (from: string, to: string) => {
    await withBackend(command, async ({ backend, output }) => {
      const { suggestRelationshipTypes } = await import('../../knowledge/suggest-relationship-types.js')
      const [start, end] = [await backend.getMemory(from, false), await backend.getMemory(to, false)]
      if (start === null) throw noMemory(from)
      if (end === null) throw noMemory(to)
      const suggestions = suggestRelationshipTypes(start, end)
      output.result(suggestions, () =>
        alignColumns(suggestions.map(({ type, confidence }) => [type, String(confidence)])),
      )
      return undefined
    })
  })
}
