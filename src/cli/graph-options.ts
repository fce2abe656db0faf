import type { Command } from 'commander'
import type { Direction, GraphOptions } from '../backends/graph-backend.js'
import { RELATIONSHIP_TYPES, type RelationshipType } from '../model/relationship-type.js'
import { fraction, instant, integer, listOf, oneOf } from './option-values.js'

/** Which part of the graph a command is about, as it was told. */
export type GraphPartOptions = {
  types?: RelationshipType[]
  asOf?: string
  minStrength?: number
  maxNodes?: number
  maxEdges?: number
}

/** Lets a command be told which part of the graph it is about. */
export function addGraphOptions(command: Command): Command {
  const most = integer(1, Number.MAX_SAFE_INTEGER)
  return command
    .option(
      '--types <types>',
      'only along these relationship types, separated by commas',
      listOf(RELATIONSHIP_TYPES),
    )
    .option('--as-of <time>', 'along the relationships that held at this time', instant)
    .option('--min-strength <number>', 'only along relationships at least this strong, 0 to 1', fraction)
    .option('--max-nodes <n>', 'nodes read into memory at most (default: 1000000)', most)
    .option('--max-edges <n>', 'relationships read into memory at most (default: 2000000)', most)
}

/** Lets a command be told which way relationships are walked. */
export function addDirectionOption(command: Command): Command {
  return command.option(
    '--direction <way>',
    'outgoing, incoming or both (default: both)',
    oneOf(['outgoing', 'incoming', 'both']),
  )
}

/** The same as options of `graph()`. */
export function graphPartOf(options: GraphPartOptions & { direction?: Direction }): GraphOptions {
  const { types, asOf, minStrength, maxNodes, maxEdges, direction } = options
  return {
    relationshipTypes: types,
    asOf,
    minStrength,
    maxNodes,
    maxEdges,
    ...(direction !== undefined && { direction }),
  }
}
