import type { Command } from 'commander'
import type { Direction } from '../../backends/graph-backend.js'
import type { CentralityMeasure } from '../../graph/graph-view.js'
import { addCommonOptions } from '../common-options.js'
import { addDirectionOption, addGraphOptions, type GraphPartOptions, graphPartOf } from '../graph-options.js'
import { integer, integerOrAll, oneOf } from '../option-values.js'
import { oneLine } from '../output.js'
import { alignColumns } from '../print-table.js'
import { shownNodes } from '../shown-nodes.js'
import { watched } from '../watched.js'
import { withBackend } from '../with-backend.js'

const DEFAULT_LIMIT = 20
const MEASURES: readonly CentralityMeasure[] = ['pagerank', 'betweenness', 'degree', 'closeness']

type CentralCommandOptions = GraphPartOptions & {
  measure?: CentralityMeasure
  direction?: Direction
  samples?: number | 'all'
  seed?: number
  limit?: number
}

/** `central`: the nodes that matter most in the graph. */
export function addCentralCommand(program: Command): void {
  const command = program
    .command('central')
    .description('Show the most central nodes, memories and others, the greatest score first.')
    .option('--measure <name>', `${MEASURES.join(', ')} (default: pagerank)`, oneOf(MEASURES))
    .option('--limit <n>', `1 to 1000 (default: ${DEFAULT_LIMIT})`, integer(1, 1000))
    .option(
      '--samples <n>',
      'of betweenness and closeness: from how many nodes they are estimated, or "all" (default: all of up to 2000, else 500)',
      integerOrAll(1, Number.MAX_SAFE_INTEGER),
    )
    .option('--seed <n>', 'chooses the samples (default: 1)', integer(0, Number.MAX_SAFE_INTEGER))
  addDirectionOption(addGraphOptions(command))
  addCommonOptions(command).action(async (options: CentralCommandOptions) => {
    await withBackend(command, async ({ backend, output }) => {
      const { measure = 'pagerank', samples, seed, limit = DEFAULT_LIMIT } = options
      const view = await backend.graph(graphPartOf(options))
      const scores = await watched(output, 'Measuring', (run) =>
        view.centrality(measure, { samples: samples === 'all' ? null : samples, seed, limit, ...run }),
      )
      const nodes = await shownNodes(
        backend,
        scores.map(({ id }) => id),
      )
      const found = scores.flatMap(({ id, score }) => {
        const node = nodes.get(id)
        return node ? [{ score, ...node }] : [] // else it has been deleted since
      })
      output.result(found, () =>
        alignColumns(
          found.map(({ score, type, id, title }) => [score.toFixed(4), ...[type, id, title].map(oneLine)]),
        ),
      )
      if (found.length === 0) output.note('there is nothing in the graph')
      return undefined
    })
  })
}
