import type { Command } from 'commander'
import type { GraphBackend, MemoryFilter } from '../../backends/graph-backend.js'
import { MEMORY_TYPES, type MemoryType } from '../../model/memory-type.js'
import { RELATIONSHIP_TYPES, type RelationshipType } from '../../model/relationship-type.js'
import type { PaginatedResult, SearchTolerance } from '../../model/search-query.js'
import { addCommonOptions } from '../common-options.js'
import { fraction, instant, integer, list, listOf, oneOf, repeated } from '../option-values.js'
import type { Output } from '../output.js'
import { printMemories } from '../print-memory.js'
import { UsageError } from '../usage-error.js'
import { withBackend } from '../with-backend.js'

type SearchOptions = {
  terms?: string[]
  match?: 'any' | 'all'
  tolerance?: SearchTolerance
  type?: MemoryType[]
  tag?: string[]
  project?: string
  language?: string[]
  framework?: string[]
  minImportance?: number
  minConfidence?: number
  minEffectiveness?: number
  createdAfter?: string
  createdBefore?: string
  limit?: number
  offset?: number
  relationships: boolean
  snippets?: boolean
  relatedBy?: RelationshipType[]
  hybrid?: boolean
}

/** `search`: memories by text and filters. */
export function addSearchCommand(program: Command): void {
  const command = program
    .command('search')
    .description('Find memories by text and filters; without text the most important ones.')
    .argument('[text]', 'words to look for; quote several, and put -- before a text that begins with a dash')
    .option('--terms <term>', 'a word or phrase to look for, instead of text; may be repeated', repeated)
    .option('--match <mode>', 'whether any or all words must be there (default: any)', oneOf(['any', 'all']))
    .option(
      '--tolerance <how>',
      'strict: a substring; normal: words; fuzzy: beginnings (default: normal)',
      oneOf(['strict', 'normal', 'fuzzy']),
    )
    .option('--type <types>', 'only these types, separated by commas; may be repeated', listOf(MEMORY_TYPES))
    .option('--tag <tags>', 'with any of these tags, separated by commas; may be repeated', list)
    .option('--project <path>', 'of exactly this project')
    .option('--language <names>', 'of any of these languages', list)
    .option('--framework <names>', 'of any of these frameworks', list)
    .option('--min-importance <number>', '0 to 1', fraction)
    .option('--min-confidence <number>', '0 to 1', fraction)
    .option('--min-effectiveness <number>', '0 to 1', fraction)
    .option('--created-after <time>', 'created at this time or later', instant)
    .option('--created-before <time>', 'created at this time or earlier', instant)
    .option('--limit <n>', '1 to 1000 (default: 50)', integer(1, 1000))
    .option('--offset <n>', 'hits to leave out at the start', integer(0, Number.MAX_SAFE_INTEGER))
    .option('--no-relationships', 'leave out what hits are joined to and why they match')
    .option('--snippets', 'show the passage of each hit that holds most of the text')
    .option('--hybrid', 'by meaning and closeness too, as a recall does; takes a text (default limit: 10)')
    .option('--related-by <types>', 'joined by any of these relationship types', listOf(RELATIONSHIP_TYPES))
  addCommonOptions(command).action(async (text: string | undefined, options: SearchOptions) => {
    if (text !== undefined && options.terms !== undefined) {
      throw new UsageError('a text and --terms cannot be searched for together: use one of them')
    }
    if (options.hybrid) requireHybrid(text, options)
    await withBackend(command, async ({ backend, output }) => {
      await (options.hybrid ? printHybrid : printPage)(backend, output, text, options)
      return undefined
    })
  })
}

async function printPage(
  backend: GraphBackend,
  output: Output,
  text: string | undefined,
  options: SearchOptions,
): Promise<void> {
  const page = await backend.searchMemoriesPaginated({
    query: text,
    terms: options.terms,
    match_mode: options.match,
    search_tolerance: options.tolerance,
    ...filterOf(options),
    limit: options.limit,
    offset: options.offset,
    include_relationships: options.relationships,
    snippets: options.snippets,
  })
  output.result(page, () => printMemories(output, page.results, page.offset + 1))
  noteCounts(output, page)
}

async function printHybrid(
  backend: GraphBackend,
  output: Output,
  text: string | undefined,
  options: SearchOptions,
): Promise<void> {
  const memories = await backend.hybridSearch({
    text,
    filter: filterOf(options),
    k: options.limit,
    includeRelationships: options.relationships,
    snippets: options.snippets,
  })
  output.result(memories, () => printMemories(output, memories))
  if (memories.length === 0) output.note('nothing found')
}

function requireHybrid(text: string | undefined, options: SearchOptions): void {
  if (text === undefined || text.trim() === '') throw new UsageError('--hybrid takes a text: give one')
  const others = (['terms', 'match', 'tolerance', 'offset'] as const).filter(
    (name) => options[name] !== undefined,
  )
  if (others.length > 0)
    throw new UsageError(
      `--hybrid ranks by itself: leave out ${others.map((name) => `--${name}`).join(', ')}`,
    )
}

function filterOf(options: SearchOptions): MemoryFilter {
  return {
    memory_types: options.type,
    tags: options.tag,
    project_path: options.project,
    languages: options.language,
    frameworks: options.framework,
    min_importance: options.minImportance,
    min_confidence: options.minConfidence,
    min_effectiveness: options.minEffectiveness,
    created_after: options.createdAfter,
    created_before: options.createdBefore,
    relationship_filter: options.relatedBy,
  }
}

function noteCounts(output: Output, { results, total_count, next_offset }: PaginatedResult): void {
  const more = next_offset === null ? '' : `; more with --offset ${next_offset}`
  output.note(total_count === 0 ? 'nothing found' : `${results.length} of ${total_count}${more}`)
}
