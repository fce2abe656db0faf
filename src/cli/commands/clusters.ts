import type { Command } from 'commander'
import type { MemoryCluster } from '../../analytics/memory-cluster.js'
import { addCommonOptions } from '../common-options.js'
import { addGraphOptions, type GraphPartOptions, graphPartOf } from '../graph-options.js'
import { fraction, integer, integerOrAll, number } from '../option-values.js'
import { type Output, oneLine } from '../output.js'
import { counted } from '../print-table.js'
import { watched } from '../watched.js'
import { withBackend } from '../with-backend.js'
import { byCount } from './stats.js'

const DEFAULT_LIMIT = 20
/** Of the keywords, as many as make a name. */
const WORDS_OF_A_NAME = 3

type ClustersCommandOptions = GraphPartOptions & {
  minSize?: number
  minDensity?: number
  resolution?: number
  seed?: number
  limit?: number | 'all'
}

/** `clusters`: what belongs together. */
export function addClustersCommand(program: Command): void {
  const command = program
    .command('clusters')
    .description('Show the communities of the graph and what each is about, the greatest first.')
    .option('--min-size <n>', 'nodes of each at least (default: 3)', integer(1, Number.MAX_SAFE_INTEGER))
    .option('--min-density <number>', 'density of each at least, 0 to 1 (default: 0)', fraction)
    .option('--resolution <number>', 'more makes smaller ones, up to 1000 (default: 1)', number(0.001, 1000))
    .option('--seed <n>', 'of what is left to chance (default: 1)', integer(0, Number.MAX_SAFE_INTEGER))
    .option(
      '--limit <n>',
      `most clusters, or "all" (default: ${DEFAULT_LIMIT})`,
      integerOrAll(1, Number.MAX_SAFE_INTEGER),
    )
  addGraphOptions(command)
  addCommonOptions(command).action(async (options: ClustersCommandOptions) => {
    await withBackend(command, async ({ backend, output }) => {
      const { analyzeClusters } = await import('../../analytics/analyze-clusters.js')
      const { minSize, minDensity, resolution, seed, limit = DEFAULT_LIMIT } = options
      const analysis = await watched(output, 'Clustering', (run) =>
        analyzeClusters(backend, {
          ...graphPartOf(options),
          ...run,
          minSize,
          minDensity,
          resolution,
          seed,
          limit: limit === 'all' ? null : limit,
        }),
      )
      const { clusters, communities, modularity } = analysis
      output.result(analysis, () =>
        clusters.map((cluster, at) => printCluster(output, cluster, at + 1)).join('\n'),
      )
      const of = `${clusters.length} of ${counted(communities, 'community', 'communities')}`
      output.note(
        clusters.length === 0
          ? `no cluster is large and dense enough (${of})`
          : `${of}, modularity ${modularity.toFixed(2)}`,
      )
      return undefined
    })
  })
}

function printCluster(output: Output, cluster: MemoryCluster, at: number): string {
  const indent = ' '.repeat(String(at).length + 2)
  const { central_memory: center, keywords } = cluster
  const name = keywords.slice(0, WORDS_OF_A_NAME).join(', ') || center?.title || 'without memories'
  const types = byCount(cluster.memory_types).map(([type, count]) => `${type} ${count}`)
  const figures = [
    counted(cluster.size, 'node'),
    `density ${cluster.density.toFixed(2)}`,
    `${counted(cluster.internal_relationships, 'relationship')} within`,
    `${cluster.external_relationships} to others`,
  ]
  const around = center ? [`around "${center.title}" ${center.id}`] : []
  const lines = [figures.join(', '), ...(types.length > 0 ? [types.join(', ')] : []), ...around]
  return [
    `${at}. ${output.style('bold', oneLine(name))}`,
    ...lines.map((line) => `${indent}${output.style('dim', oneLine(line))}`),
  ].join('\n')
}
