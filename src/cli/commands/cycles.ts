import type { Command } from 'commander'
import { RELATIONSHIP_TYPES, type RelationshipType } from '../../model/relationship-type.js'
import { addCommonOptions } from '../common-options.js'
import { oneOf } from '../option-values.js'
import { oneLine } from '../output.js'
import { withBackend } from '../with-backend.js'

/** `cycles`: relationships that lead in a circle. */
export function addCyclesCommand(program: Command): void {
  const command = program
    .command('cycles')
    .description(
      'Show where current relationships of a type lead in a circle, one for each part that has any.',
    )
    .option('--type <type>', 'only of this type', oneOf(RELATIONSHIP_TYPES))
  addCommonOptions(command).action(async ({ type }: { type?: RelationshipType }) => {
    await withBackend(command, async ({ backend, output }) => {
      const { findCycles } = await import('../../knowledge/find-cycles.js')
      const cycles = await findCycles(backend, type)
      output.result(cycles, () =>
        cycles.map((cycle) => `${cycle.type}: ${cycle.path.map(oneLine).join(' → ')}`).join('\n'),
      )
      if (cycles.length === 0) output.note('no relationships lead in a circle')
      return undefined
    })
  })
}
