import type { Command } from 'commander'
import type { BridgeMemory, JoinedCommunity } from '../../analytics/find-bridge-memories.js'
import { addCommonOptions } from '../common-options.js'
import { addGraphOptions, type GraphPartOptions, graphPartOf } from '../graph-options.js'
import { integer, number } from '../option-values.js'
import { type Output, oneLine } from '../output.js'
import { printMemories } from '../print-memory.js'
import { counted } from '../print-table.js'
import { type ShownNode, shownNodes } from '../shown-nodes.js'
import { watched } from '../watched.js'
import { withBackend } from '../with-backend.js'

type BridgesCommandOptions = GraphPartOptions & { resolution?: number; seed?: number; limit?: number }

/** `bridges`: memories that join what else is far apart. */
export function addBridgesCommand(program: Command): void {
  const command = program
    .command('bridges')
    .description('Show the memories that join communities of the graph, best first.')
    .option('--limit <n>', '1 to 1000 (default: 10)', integer(1, 1000))
    .option(
      '--resolution <number>',
      'more makes smaller communities, up to 1000 (default: 1)',
      number(0.001, 1000),
    )
    .option('--seed <n>', 'of what is left to chance (default: 1)', integer(0, Number.MAX_SAFE_INTEGER))
  addGraphOptions(command)
  addCommonOptions(command).action(async (options: BridgesCommandOptions) => {
    await withBackend(command, async ({ backend, output }) => {
      const { findBridgeMemories } = await import('../../analytics/find-bridge-memories.js')
      const { resolution, seed, limit } = options
      const bridges = await watched(output, 'Searching', (run) =>
        findBridgeMemories(backend, { ...graphPartOf(options), ...run, resolution, seed, limit }),
      )
      const centers = await shownNodes(
        backend,
        bridges.flatMap(({ joins }) => joins.flatMap(({ central_id: id }) => id ?? [])),
      )
      output.result(bridges, () =>
        bridges.map((bridge, at) => printBridge(output, bridge, centers, at + 1)).join('\n'),
      )
      if (bridges.length === 0) output.note('no memory joins communities')
      return undefined
    })
  })
}

function printBridge(
  output: Output,
  { memory, joins, betweenness, participation, is_articulation_point: isCut }: BridgeMemory,
  centers: ReadonlyMap<string, ShownNode>,
  at: number,
): string {
  const indent = ' '.repeat(String(at).length + 2)
  const figures = [
    `betweenness ${betweenness.toFixed(3)}`,
    `participation ${participation.toFixed(2)}`,
    ...(isCut ? ['articulation point'] : []),
  ]
  const lines = [output.style('dim', figures.join('  ')), ...joins.map((joined) => nameOf(joined, centers))]
  return [printMemories(output, [memory], at), ...lines.map((line) => `${indent}${line}`)].join('\n')
}

function nameOf(
  { central_id: id, size, neighbor_ids: neighbors }: JoinedCommunity,
  centers: ReadonlyMap<string, ShownNode>,
): string {
  const center = id === null ? undefined : centers.get(id)
  const around = center ? ` around "${oneLine(center.title)}"` : ''
  return `joins ${counted(size, 'node')}${around} by ${counted(neighbors.length, 'neighbour')}`
}
