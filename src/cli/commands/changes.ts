import type { Command } from 'commander'
import { addCommonOptions } from '../common-options.js'
import { instant } from '../option-values.js'
import { printRelationships, titlesOf } from '../print-relationships.js'
import { withBackend } from '../with-backend.js'

/** `changes`: what happened to relationships since an instant. */
export function addChangesCommand(program: Command): void {
  const command = program
    .command('changes')
    .description('Show the relationships that were recorded, and those that ended, since a time.')
    .argument('<since>', 'ISO 8601; without a zone it is UTC', instant)
  addCommonOptions(command).action(async (since: string) => {
    await withBackend(command, async ({ backend, output }) => {
      const changes = await backend.whatChanged(since)
      const { new_relationships: recorded, invalidated_relationships: ended } = changes
      const titles = await titlesOf(backend, [...recorded, ...ended])
      output.result(changes, () =>
        [
          ...(recorded.length > 0 ? [`recorded\n${printRelationships(recorded, titles)}`] : []),
          ...(ended.length > 0 ? [`ended\n${printRelationships(ended, titles)}`] : []),
        ].join('\n\n'),
      )
      if (recorded.length + ended.length === 0) output.note('nothing since then')
      return undefined
    })
  })
}
