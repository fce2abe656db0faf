import type { Command } from 'commander'
import { MEMORY_TYPES, type MemoryType } from '../../model/memory-type.js'
import { addCommonOptions } from '../common-options.js'
import { fraction, integer, list, listOf } from '../option-values.js'
import { printMemories } from '../print-memory.js'
import { withBackend } from '../with-backend.js'

type RecallCommandOptions = {
  type?: MemoryType[]
  tag?: string[]
  project?: string
  minImportance?: number
  limit?: number
  offset?: number
  relationships: boolean
  expand: boolean
  diversity?: number
  snippets?: boolean
}

/** `recall`: memories for a question in plain language. */
export function addRecallCommand(program: Command): void {
  const command = program
    .command('recall')
    .description('Find memories for a question in plain language, best first.')
    .argument('<text...>', 'the question; put -- before one that begins with a dash')
    .option('--type <types>', 'only these types, separated by commas; may be repeated', listOf(MEMORY_TYPES))
    .option('--tag <tags>', 'with any of these tags, separated by commas; may be repeated', list)
    .option('--project <path>', 'of exactly this project')
    .option('--min-importance <number>', '0 to 1', fraction)
    .option('--limit <n>', '1 to 1000 (default: 20)', integer(1, 1000))
    .option('--offset <n>', 'hits to leave out at the start', integer(0, Number.MAX_SAFE_INTEGER))
    .option('--no-relationships', 'leave out what hits are joined to and why they match')
    .option('--no-expand', 'leave out what is only close to good hits')
    .option('--diversity <number>', '0 to 1: how much hits are to differ (default: 0)', fraction)
    .option('--snippets', 'show the passage of each hit that holds most of the question')
  addCommonOptions(command).action(async (text: string[], options: RecallCommandOptions) => {
    await withBackend(command, async ({ backend, output }) => {
      const memories = await backend.recallMemories(text.join(' '), {
        memoryTypes: options.type,
        tags: options.tag,
        projectPath: options.project,
        minImportance: options.minImportance,
        limit: options.limit,
        offset: options.offset,
        includeRelationships: options.relationships,
        snippets: options.snippets,
        expand: options.expand,
        diversity: options.diversity,
      })
      output.result(memories, () => printMemories(output, memories, (options.offset ?? 0) + 1))
      if (memories.length === 0) output.note('nothing found')
      return undefined
    })
  })
}
