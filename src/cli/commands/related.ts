import type { Command } from 'commander'
import type { Direction } from '../../backends/graph-backend.js'
import type { Memory } from '../../model/memory.js'
import type { Relationship } from '../../model/relationship.js'
import { RELATIONSHIP_TYPES, type RelationshipType } from '../../model/relationship-type.js'
import { addCommonOptions } from '../common-options.js'
import { instant, integer, integerOrAll, listOf, oneOf } from '../option-values.js'
import type { Output } from '../output.js'
import { printLink, printMemories } from '../print-memory.js'
import { withBackend } from '../with-backend.js'
import { noMemory } from './get.js'

type RelatedCommandOptions = {
  depth?: number
  direction?: Direction
  types?: RelationshipType[]
  asOf?: string
  limit?: number | 'all'
}

/** `related`: memories around one. */
export function addRelatedCommand(program: Command): void {
  const command = program
    .command('related')
    .description('Show the memories around one, nearest first.')
    .argument('<id>', 'id of the memory to start from')
    .option('--depth <n>', 'steps to go, 1 to 10 (default: 2)', integer(1, 10))
    .option(
      '--direction <way>',
      'outgoing, incoming or both (default: both)',
      oneOf(['outgoing', 'incoming', 'both']),
    )
    .option(
      '--types <types>',
      'only along these relationship types, separated by commas',
      listOf(RELATIONSHIP_TYPES),
    )
    .option('--as-of <time>', 'along the relationships that held at this time', instant)
    .option('--limit <n>', 'most hits, or "all" (default: 100)', integerOrAll(1, Number.MAX_SAFE_INTEGER))
  addCommonOptions(command).action(async (id: string, options: RelatedCommandOptions) => {
    await withBackend(command, async ({ backend, output }) => {
      const [start] = await backend.getNodes([id])
      if (start === undefined) throw noMemory(id)
      const related = await backend.getRelatedMemories(id, {
        maxDepth: options.depth,
        direction: options.direction,
        relationshipTypes: options.types,
        asOf: options.asOf,
        limit: options.limit === 'all' ? null : options.limit,
      })
      const hits = related.map(([memory, relationship]) => ({ memory, relationship }))
      const title = typeof start.properties['title'] === 'string' ? start.properties['title'] : id
      output.result(hits, () => printRelated(output, related, new Map([[id, title]])))
      if (related.length === 0) output.note('nothing is joined to it')
      return undefined
    })
  })
}

/** Memories, each under the relationship it was reached by. `titles` names memories that are not among them. */
export function printRelated(
  output: Output,
  related: readonly [Memory, Relationship][],
  titles: ReadonlyMap<string, string>,
): string {
  const names = new Map([...titles, ...related.map(([memory]) => [memory.id, memory.title] as const)])
  return related
    .map(([memory, relationship], at) => {
      const indent = ' '.repeat(String(at + 1).length + 2)
      return `${printMemories(output, [memory], at + 1)}\n${indent}${printLink(relationship, memory.id, names)}`
    })
    .join('\n')
}
