import { basename, relative } from 'node:path'
import type { GraphBackend, HealthReport, MemoryStatistics } from '../backends/graph-backend.js'
import type { Memory } from '../model/memory.js'
import type { Relationship } from '../model/relationship.js'
import type { RelationshipType } from '../model/relationship-type.js'
import type { ImportReport } from '../transfer/import-report.js'
import { noMemory } from './commands/get.js'
import { printHealth } from './commands/health.js'
import { printRelated } from './commands/related.js'
import { printStatistics } from './commands/stats.js'
import { type Output, oneLine } from './output.js'
import { printMemories } from './print-memory.js'
import { counted } from './print-table.js'

/** What the demo did and found. */
export type Tour = {
  imported: ImportReport
  health: HealthReport
  recalls: { text: string; memories: Memory[] }[]
  search: { query: string; total_count: number; memories: Memory[] }
  walk: { start: Memory; depth: number; related: { memory: Memory; relationship: Relationship }[] }
  statistics: MemoryStatistics
}

const QUESTIONS = [
  'How do I keep writes safe when the database is busy?',
  'How do I read a replica while the server is down?',
  'Should I use the vector index?',
]
const STRICT_TEXT = 'SQLITE_BUSY'
const PROBLEM = 'busy-poisons-connection'
const TOWARDS_SOLUTIONS: readonly RelationshipType[] = [
  'SOLVES',
  'PREVENTS',
  'CAUSES',
  'VARIANT_OF',
  'FOLLOWS',
]
const DEPTH = 2
const SHOWN = 3

/** Imports the field notes and asks the backend a few things. */
export async function takeTour(backend: GraphBackend, file: string): Promise<Tour> {
  const { importGraph } = await import('../transfer/import-graph.js')
  const imported = await importGraph(backend, file)
  const health = await backend.healthCheck()
  const recalls: Tour['recalls'] = []
  for (const text of QUESTIONS) {
    recalls.push({ text, memories: await backend.recallMemories(text, { limit: SHOWN }) })
  }
  const page = await backend.searchMemoriesPaginated({
    query: STRICT_TEXT,
    search_tolerance: 'strict',
    limit: SHOWN,
    include_relationships: true,
  })
  const start = await backend.getMemory(PROBLEM)
  if (start === null) throw noMemory(PROBLEM)
  const related = await backend.getRelatedMemories(PROBLEM, {
    maxDepth: DEPTH,
    relationshipTypes: TOWARDS_SOLUTIONS,
  })
  return {
    imported,
    health,
    recalls,
    search: { query: STRICT_TEXT, total_count: page.total_count, memories: page.results },
    walk: {
      start,
      depth: DEPTH,
      related: related.map(([memory, relationship]) => ({ memory, relationship })),
    },
    statistics: await backend.getMemoryStatistics(),
  }
}

/** The tour as a text to read. */
export function printTour(output: Output, tour: Tour): string {
  const { imported, health, recalls, search, walk, statistics } = tour
  const path = health.database_path ?? ''
  const related = walk.related.map(({ memory, relationship }): [Memory, Relationship] => [
    memory,
    relationship,
  ])
  const titles = new Map([[walk.start.id, walk.start.title]])
  const sections: [string, string][] = [
    ['Import', importSentence(imported, path)],
    ['Health', printHealth(output, health)],
    ...recalls.map(({ text, memories }): [string, string] => [
      `Recall: ${text}`,
      printMemories(output, memories),
    ]),
    [
      `Strict search: ${search.query}`,
      `${counted(search.total_count, 'memory contains', 'memories contain')} exactly this text, the best ${search.memories.length}:\n` +
        printMemories(output, search.memories),
    ],
    [
      `Walk: from a problem to its solutions, ${walk.depth} steps`,
      `from "${oneLine(walk.start.title)}":\n${printRelated(output, related, titles)}`,
    ],
    ['Statistics', printStatistics(statistics)],
    ['Try next', nextCommands(path)],
  ]
  return sections.map(([title, text]) => `${output.style('bold', `== ${title}`)}\n${text}`).join('\n\n')
}

function importSentence(report: ImportReport, path: string): string {
  const { nodes, relationships } = report
  const there = nodes.unchanged + nodes.kept + nodes.replaced
  const before =
    there === 0
      ? ''
      : ` ${counted(there, 'memory was', 'memories were')} there already: importing again duplicates nothing.`
  const what = `${counted(nodes.imported, 'memory', 'memories')} and ${counted(relationships.imported, 'relationship')}`
  return `Imported ${what} of field notes about libSQL into\n${path}.${before}`
}

function nextCommands(path: string): string {
  const program = invocation()
  const at = `--path ${/^[\w@%+=:,./\\-]+$/.test(path) ? path : JSON.stringify(path)}`
  return [
    `${program} recall "Can two processes share a replica file?" ${at}`,
    `${program} get ${PROBLEM} ${at}`,
    `${program} related ${PROBLEM} --depth 1 ${at}`,
    `${program} store --type general --title "My note" --content "What I learnt" ${at}`,
    `${program} --help`,
  ].join('\n')
}

/** How this program was called, so that what is printed can be typed. */
function invocation(): string {
  const script = process.argv[1] ?? ''
  if (/[\\/](_npx|node_modules)[\\/]/.test(script)) return 'npx memorygraph-turso'
  return basename(script) === 'main.js' ? `node ${relative(process.cwd(), script)}` : 'memorygraph-turso'
}
