import type { Command } from 'commander'
import type { Direction } from '../../backends/graph-backend.js'
import { addCommonOptions } from '../common-options.js'
import { addDirectionOption, addGraphOptions, type GraphPartOptions, graphPartOf } from '../graph-options.js'
import { integer, integerOrAll } from '../option-values.js'
import { oneLine } from '../output.js'
import { alignColumns } from '../print-table.js'
import { shownNodes } from '../shown-nodes.js'
import { watched } from '../watched.js'
import { withBackend } from '../with-backend.js'
import { noMemory } from './get.js'

const DEFAULT_LIMIT = 100

type NeighborsCommandOptions = GraphPartOptions & {
  direction?: Direction
  depth?: number
  limit?: number | 'all'
}

/** `neighbors`: the nodes around one, whatever their labels. */
export function addNeighborsCommand(program: Command): void {
  const command = program
    .command('neighbors')
    .description('Show the nodes around one, memories and others, with the steps to each, nearest first.')
    .argument('<id>', 'id of the node to start from')
    .option('--depth <n>', 'steps to go, 1 to 100 (default: 1)', integer(1, 100))
    .option(
      '--limit <n>',
      `most nodes, or "all" (default: ${DEFAULT_LIMIT})`,
      integerOrAll(1, Number.MAX_SAFE_INTEGER),
    )
  addDirectionOption(addGraphOptions(command))
  addCommonOptions(command).action(async (id: string, options: NeighborsCommandOptions) => {
    await withBackend(command, async ({ backend, output }) => {
      const view = await backend.graph(graphPartOf(options))
      if ((await backend.getNodes([id])).length === 0) throw noMemory(id)
      const all = await watched(output, 'Walking', (run) => view.neighbors(id, options.depth ?? 1, run))
      const { limit = DEFAULT_LIMIT } = options
      const near = limit === 'all' ? all : all.slice(0, limit)
      const nodes = await shownNodes(
        backend,
        near.map((neighbor) => neighbor.id),
      )
      const found = near.flatMap(({ id: other, depth }) => {
        const node = nodes.get(other)
        return node ? [{ depth, ...node }] : [] // else it has been deleted since
      })
      output.result(found, () =>
        alignColumns(
          found.map(({ depth, type, title, ...node }) => [
            String(depth),
            ...[type, node.id, title].map(oneLine),
          ]),
        ),
      )
      if (all.length === 0) output.note('nothing is joined to it')
      else if (near.length < all.length) output.note(`${near.length} of ${all.length}: see more with --limit`)
      return undefined
    })
  })
}
