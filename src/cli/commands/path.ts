import type { Command } from 'commander'
import type { MemoryPath, MemoryPathSteps, PathNode } from '../../analytics/memory-path.js'
import type { Direction } from '../../backends/graph-backend.js'
import { addCommonOptions } from '../common-options.js'
import { addDirectionOption, addGraphOptions, type GraphPartOptions, graphPartOf } from '../graph-options.js'
import { integer } from '../option-values.js'
import { type Output, oneLine } from '../output.js'
import { printLink, printMemories } from '../print-memory.js'
import { counted } from '../print-table.js'
import { shownNode } from '../shown-nodes.js'
import { watched } from '../watched.js'
import { withBackend } from '../with-backend.js'

type PathCommandOptions = GraphPartOptions & {
  direction?: Direction
  depth?: number
  weighted?: true
  alternatives?: number
}

/** `path`: how one memory leads to another. */
export function addPathCommand(program: Command): void {
  const command = program
    .command('path')
    .description('Show the shortest way from one memory to another.')
    .argument('<from>', 'id of the memory to start from')
    .argument('<to>', 'id of the memory to come to')
    .option('--depth <n>', 'steps at most, 1 to 20 (default: any number)', integer(1, 20))
    .option('--weighted', 'the strongest way instead, whose strengths have the greatest product')
    .option('--alternatives <n>', 'other ways to show too, up to 1000 (default: none)', integer(0, 1000))
  addDirectionOption(addGraphOptions(command))
  addCommonOptions(command).action(async (from: string, to: string, options: PathCommandOptions) => {
    await withBackend(command, async ({ backend, output }) => {
      const { findMemoryPath } = await import('../../analytics/find-memory-path.js')
      const { depth, weighted, alternatives } = options
      const path = await watched(output, 'Searching', (run) =>
        findMemoryPath(backend, from, to, {
          ...graphPartOf(options),
          ...run,
          maxDepth: depth,
          weighted,
          alternatives,
        }),
      )
      output.result(path, () => (path === null ? '' : printPath(output, path)))
      if (path === null) output.note('no way leads from the one to the other')
      return undefined
    })
  })
}

/** The memories along a way, each but the first with the relationship it is reached by, and other ways by titles alone. */
function printPath(output: Output, path: MemoryPath): string {
  const titles = new Map(path.nodes.map((node) => [node.id, titleOf(node)]))
  const nodes = path.nodes.map((node, at) => {
    const indent = ' '.repeat(String(at + 1).length + 2)
    const reached = path.relationships[at - 1]
    const head = printNode(output, node, at + 1)
    if (reached === undefined) return head
    const link = `${printLink(reached, node.id, titles)}  strength ${reached.properties.strength}`
    return `${head}\n${indent}${link}`
  })
  const lines = [...nodes, output.style('dim', figuresOf(path))]
  if (path.alternatives.length > 0) lines.push('', 'other ways')
  for (const other of path.alternatives) {
    const way = other.nodes.map((node) => oneLine(titleOf(node))).join(' → ')
    lines.push(`  ${output.style('dim', figuresOf(other))}`, `    ${way}`)
  }
  return lines.join('\n')
}

function printNode(output: Output, node: PathNode, number: number): string {
  if (node.memory) return printMemories(output, [node.memory], number)
  const indent = ' '.repeat(String(number).length + 2)
  const details = output.style('dim', `${oneLine(node.label)}  ${oneLine(node.id)}`)
  return `${number}. ${output.style('bold', oneLine(titleOf(node)))}\n${indent}${details}`
}

function titleOf({ id, label, memory, properties }: PathNode): string {
  return memory?.title ?? shownNode({ id, label, properties: properties ?? {} }).title
}

function figuresOf({ length, strength, mean_strength: mean }: MemoryPathSteps): string {
  if (mean === null) return 'no step: both are the same'
  return `${counted(length, 'step')}  strength ${strength.toFixed(3)}  mean ${mean.toFixed(3)}`
}
