import { stat } from 'node:fs/promises'
import type { Command } from 'commander'
import type { GraphBackend } from '../../backends/graph-backend.js'
import { CONFLICT_POLICIES, type ConflictPolicy } from '../../transfer/conflict-policy.js'
import type { ImportOptions } from '../../transfer/import-graph.js'
import type { ImportReport } from '../../transfer/import-report.js'
import { addCommonOptions } from '../common-options.js'
import { embedStored } from '../embed-stored.js'
import { interruptible } from '../interruptible.js'
import { oneOf } from '../option-values.js'
import { showImport } from '../print-import.js'
import { openProgress } from '../progress.js'
import { withStdinFile } from '../stdin-file.js'
import { withBackend } from '../with-backend.js'

type ImportCommandOptions = { onConflict?: ConflictPolicy; dryRun?: true; atomic?: true }

/** `import`: whatever can be read; exit code 1 when some of it was refused. */
export function addImportCommand(program: Command): void {
  const command = program
    .command('import')
    .description(
      'Import an export (JSON Lines, JSON, MemoryGraph JSON, a Markdown folder), the memory file of server-memory, or a database of MemoryGraph or mcp-memory-libsql. Importing twice changes nothing. Exits with 1 if records were refused.',
    )
    .argument('<source>', 'a file or folder, or "-" for stdin')
    .option(
      '--on-conflict <policy>',
      `what counts where an id is stored with other content: ${CONFLICT_POLICIES.join(', ')} (default: newer)`,
      oneOf(CONFLICT_POLICIES),
    )
    .option('--dry-run', 'take everything back at the end, only report')
    .option('--atomic', 'store everything in one write, or nothing')
  addCommonOptions(command).action(async (source: string, options: ImportCommandOptions) => {
    const read = (path: string): Promise<void> =>
      withBackend(command, async (tools) => {
        const { backend, output } = tools
        const { onProgress, close } = openProgress(output, 'Importing')
        const { onConflict, dryRun, atomic } = options
        const report = await interruptible((signal) =>
          importPath(backend, path, { onConflict, dryRun, atomic, onProgress, signal }).finally(close),
        )
        const exitCode = showImport(output, report)
        if (!dryRun) await embedStored(tools)
        return exitCode
      })
    await (source === '-' ? withStdinFile(read) : read(source))
  })
}

async function importPath(
  backend: GraphBackend,
  path: string,
  options: ImportOptions,
): Promise<ImportReport> {
  const { importGraph } = await import('../../transfer/import-graph.js')
  const { isDatabaseHead, readHead } = await import('../../transfer/formats/file-head.js')
  const isFolder = await stat(path).then(
    (found) => found.isDirectory(),
    () => false, // said by the import
  )
  if (isFolder || !isDatabaseHead(await readHead(path))) return importGraph(backend, path, options)
  const { openDatabaseSource } = await import('../../backends/turso/foreign/open-database-source.js')
  await using source = await openDatabaseSource(path)
  return await importGraph(backend, source, options)
}
