import type { Command } from 'commander'
import type { Direction, GraphBackend } from '../../backends/graph-backend.js'
import type { ExportGraphViewOptions } from '../../graph/export/export-graph-view.js'
import type { GraphSize } from '../../graph/graph-view.js'
import { GRAPH_VIEW_FORMATS, type GraphViewFormat } from '../../model/graph-view-format.js'
import { addCommonOptions, commonSettings } from '../common-options.js'
import { addDirectionOption, addGraphOptions, type GraphPartOptions, graphPartOf } from '../graph-options.js'
import { integer, oneOf } from '../option-values.js'
import { oneLine } from '../output.js'
import { counted } from '../print-table.js'
import { UsageError } from '../usage-error.js'
import { watched } from '../watched.js'
import { withBackend } from '../with-backend.js'
import { writeToStdout } from '../write-to-stdout.js'
import { noMemory } from './get.js'

type DrawingOptions = {
  heading?: string
  detail?: 'nodes' | 'communities'
  maxDrawnNodes?: number
  maxDrawnEdges?: number
}

type GraphExportCommandOptions = GraphPartOptions &
  DrawingOptions & {
    format?: GraphViewFormat
    depth?: number
    direction?: Direction
    color?: 'type' | 'community'
    output?: string
    overwrite?: true
  }

/** The formats that each option for drawings is about. */
const DRAWN: Readonly<Record<keyof DrawingOptions, readonly GraphViewFormat[]>> = {
  heading: ['svg'],
  detail: ['svg'],
  maxDrawnNodes: ['svg', 'mermaid'],
  maxDrawnEdges: ['svg', 'mermaid'],
}

/** The formats that are one JSON document. */
const JSON_FORMATS: readonly GraphViewFormat[] = ['json', 'd3']

/** `graph-export`: the graph, or what is around a node, for others to show, or as a picture. */
export function addGraphExportCommand(program: Command): void {
  const command = program
    .command('graph-export')
    .description(
      'Export the graph, or what is around a node: as a picture (svg), for Gephi (gexf), yEd or Cytoscape (graphml), Graphviz (dot), Mermaid, sigma (json) or D3 (d3).',
    )
    .argument('[id]', 'id of the node to start from (default: the whole graph)')
    .option(
      '--format <format>',
      'gexf, graphml, dot, mermaid, json, d3 or svg (default: svg)',
      oneOf(GRAPH_VIEW_FORMATS),
    )
    .option('--depth <n>', 'steps to go from the node, 1 to 10 (default: 2)', integer(1, 10))
  addDirectionOption(addGraphOptions(command))
    .option(
      '--color <by>',
      'color by relationship type or by community (default: type)',
      oneOf(['type', 'community']),
    )
    .option(
      '--detail <what>',
      'svg: draw nodes or communities (default: nodes, communities where there are too many)',
      oneOf(['nodes', 'communities']),
    )
    .option('--heading <text>', 'svg: what stands above the picture')
    .option(
      '--max-drawn-nodes <n>',
      'nodes drawn at most: svg 1 to 2000 (default: 300), mermaid (default: 150)',
      integer(1, Number.MAX_SAFE_INTEGER),
    )
    .option(
      '--max-drawn-edges <n>',
      'relationships drawn at most: svg 1 to 20000 (default: 2000), mermaid (default: 500)',
      integer(1, Number.MAX_SAFE_INTEGER),
    )
    .option('--output <file>', 'the file to write (default: stdout)')
    .option('--overwrite', 'replace a file that is there')
  addCommonOptions(command).action(async (id: string | undefined, options: GraphExportCommandOptions) => {
    const { format = 'svg', output: target, overwrite = false } = options
    checkUsage(id, options, format)
    if (commonSettings(command).json && target === undefined && !JSON_FORMATS.includes(format))
      throw new UsageError(`option --json needs --output, or the format ${JSON_FORMATS.join(' or ')}`)
    await withBackend(command, async ({ backend, output }) => {
      const { targetAt, writeTextFile } = await import('../../transfer/write-text-file.js')
      const path = target === undefined ? null : await targetAt(target)
      const size = await watched(output, 'Exporting', async (run) => {
        const text = await textOf(backend, id, format, { ...options, ...run })
        if (path !== null) return writeTextFile(text, path, overwrite)
        await writeToStdout(text)
        return null
      })
      if (path === null || size === null) return undefined
      output.result({ path, format, ...size }, () => oneLine(path))
      output.note(
        `exported ${counted(size.nodes, 'node')} and ${counted(size.relationships, 'relationship')} as ${format}`,
      )
      return undefined
    })
  })
}

function checkUsage(
  id: string | undefined,
  options: GraphExportCommandOptions,
  format: GraphViewFormat,
): void {
  for (const name of ['depth', 'direction'] as const)
    if (id === undefined && options[name] !== undefined)
      throw new UsageError(`option --${name} needs the id of a node to start from`)
  for (const [name, formats] of Object.entries(DRAWN))
    if (options[name as keyof DrawingOptions] !== undefined && !formats.includes(format))
      throw new UsageError(`option ${flagOf(name)} is for ${formats.join(' and ')}, not for ${format}`)
  if (options.overwrite && options.output === undefined)
    throw new UsageError('option --overwrite needs --output')
}

function flagOf(name: string): string {
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
}

async function textOf(
  backend: GraphBackend,
  id: string | undefined,
  format: GraphViewFormat,
  options: GraphExportCommandOptions & Pick<ExportGraphViewOptions, 'onProgress' | 'signal'>,
): Promise<AsyncGenerator<string, GraphSize, undefined>> {
  const { color, heading, detail, maxDrawnNodes, maxDrawnEdges, depth, onProgress, signal } = options
  if (id !== undefined && (await backend.getNodes([id])).length === 0) throw noMemory(id)
  const view = await backend.graph({
    ...graphPartOf(options),
    ...(id !== undefined && { start: id, maxDepth: depth }),
  })
  const { graphViewText } = await import('../../graph/export/export-graph-view.js')
  const { nodeTitles } = await import('../../analytics/node-titles.js')
  return graphViewText(view, format, {
    titles: nodeTitles(backend),
    color,
    ...(format === 'svg' && { heading, detail, focus: id }),
    ...(DRAWN.maxDrawnNodes.includes(format) && { maxDrawnNodes, maxDrawnEdges }),
    onProgress,
    signal,
  })
}
