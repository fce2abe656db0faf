import type { Command } from 'commander'
import { RELATIONSHIP_TYPES, type RelationshipType } from '../../model/relationship-type.js'
import { addCommonOptions } from '../common-options.js'
import { fraction, oneOf } from '../option-values.js'
import { withBackend } from '../with-backend.js'

type LinkOptions = { strength?: number; confidence?: number; context?: string }

/** `link`: joins two memories and prints the relationship's id. */
export function addLinkCommand(program: Command): void {
  const command = program
    .command('link')
    .description('Join two memories and print the id of the relationship.')
    .argument('<from>', 'id of the memory it starts from')
    .argument('<to>', 'id of the memory it leads to')
    .argument('<type>', `such as SOLVES; one of ${RELATIONSHIP_TYPES.join(', ')}`, oneOf(RELATIONSHIP_TYPES))
    .option('--strength <number>', '0 to 1 (default: 0.5)', fraction)
    .option('--confidence <number>', '0 to 1 (default: 0.8)', fraction)
    .option('--context <text>', 'why they are joined')
  addCommonOptions(command).action(
    async (from: string, to: string, type: RelationshipType, options: LinkOptions) => {
      const { strength, confidence, context } = options
      await withBackend(command, async ({ backend, output }) => {
        const id = await backend.createRelationship(from, to, type, { strength, confidence, context })
        output.result({ id }, () => id)
        return undefined
      })
    },
  )
}
