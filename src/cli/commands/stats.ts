import type { Command } from 'commander'
import type { MemoryStatistics } from '../../backends/graph-backend.js'
import { addCommonOptions } from '../common-options.js'
import { oneLine } from '../output.js'
import { alignColumns } from '../print-table.js'
import { withBackend } from '../with-backend.js'

/** `stats`: how much there is. */
export function addStatsCommand(program: Command): void {
  const command = program.command('stats').description('Count memories and relationships.')
  addCommonOptions(command).action(async () => {
    await withBackend(command, async ({ backend, output }) => {
      const statistics = await backend.getMemoryStatistics()
      output.result(statistics, () => printStatistics(statistics))
      return undefined
    })
  })
}

/** Counts and averages, one a line. */
export function printStatistics(statistics: MemoryStatistics): string {
  const average = (value: number | null): string => (value === null ? '-' : value.toFixed(2))
  const rows = [
    ['memories', String(statistics.total_memories.count)],
    ...byCount(statistics.memories_by_type).map(([type, count]) => [`  ${oneLine(type)}`, String(count)]),
    ['relationships', String(statistics.total_relationships.count)],
    ['average importance', average(statistics.avg_importance.avg_importance)],
    ['average confidence', average(statistics.avg_confidence.avg_confidence)],
  ]
  return alignColumns(rows)
}

/** Counts by name, greatest first. */
export function byCount(counts: Readonly<Record<string, number>>): [string, number][] {
  return Object.entries(counts).sort(([a, countA], [b, countB]) => countB - countA || a.localeCompare(b))
}
