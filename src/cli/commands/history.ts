import type { Command } from 'commander'
import { addCommonOptions } from '../common-options.js'
import { integer } from '../option-values.js'
import { oneLine } from '../output.js'
import { printTime } from '../print-memory.js'
import { printRelationships, titlesOf } from '../print-relationships.js'
import { alignColumns } from '../print-table.js'
import { withBackend } from '../with-backend.js'
import { noMemory } from './get.js'

/** `history`: what a memory was before, and what it was ever joined to. */
export function addHistoryCommand(program: Command): void {
  const command = program
    .command('history')
    .description('Show the versions of a memory, and all it was ever joined to.')
    .argument('<id>', 'id of the memory')
    .option('--limit <n>', 'most relationships (default: 100)', integer(1, 1000))
  addCommonOptions(command).action(async (id: string, { limit }: { limit?: number }) => {
    await withBackend(command, async ({ backend, output }) => {
      const memory = await backend.getMemory(id, false)
      if (memory === null) throw noMemory(id)
      const versions = [...(await backend.getMemoryHistory(id)), memory]
      const relationships = await backend.getRelationshipHistory(id, { limit })
      const titles = await titlesOf(backend, relationships)
      output.result({ versions, relationships }, () => {
        const rows = versions.map(({ version, updated_at, title }) => [
          `version ${version}`,
          printTime(updated_at),
          oneLine(title),
        ])
        const joined = printRelationships(relationships, titles)
        return [alignColumns(rows), ...(joined === '' ? [] : [`relationships\n${joined}`])].join('\n\n')
      })
      return undefined
    })
  })
}
