import type { Command } from 'commander'
import type { AuditEntry } from '../../backends/graph-backend.js'
import { addCommonOptions, commonSettings } from '../common-options.js'
import { integer } from '../option-values.js'
import { Output, oneLine } from '../output.js'
import { printTime } from '../print-memory.js'
import { alignColumns } from '../print-table.js'
import { configOf, ofAllTenants, runOn } from '../with-backend.js'

type AuditOptions = { after?: number; limit?: number }

/** `audit`: who did what, and when. */
export function addAuditCommand(program: Command): void {
  const command = program
    .command('audit')
    .description('Show the audit log, oldest first (it is kept where MEMORY_ENABLE_AUDIT_LOG is true).')
    .option('--after <seq>', 'only entries after this position', integer(0, Number.MAX_SAFE_INTEGER))
    .option('--limit <n>', 'at most so many (default: all)', integer(1, Number.MAX_SAFE_INTEGER))
  addCommonOptions(command).action(async ({ after, limit = Number.POSITIVE_INFINITY }: AuditOptions) => {
    const settings = commonSettings(command)
    const config = ofAllTenants(await configOf(settings, process.env)) // whose log it is
    await runOn(config, new Output(settings), async ({ backend, output }) => {
      const entries: AuditEntry[] = []
      for await (const entry of backend.auditEntries({ after })) {
        entries.push(entry)
        if (entries.length >= limit) break
      }
      output.result(entries, () => alignColumns(entries.map(cellsOf)))
      if (entries.length === 0) output.note('no entries')
      return undefined
    })
  })
}

function cellsOf({ seq, at, actor, operation, ids, count }: AuditEntry): string[] {
  const named = ids.map(oneLine).join(' ')
  const all = count > ids.length ? `${named} …` : named
  return [String(seq), printTime(at), oneLine(actor), oneLine(operation), String(count), all]
}
