import { pipeline } from 'node:stream/promises'
import { type Command, Option } from 'commander'
import type { ExportFormat } from '../../transfer/export-graph.js'
import { addCommonOptions } from '../common-options.js'
import { interruptible } from '../interruptible.js'
import { oneLine } from '../output.js'
import { counted } from '../print-table.js'
import { openProgress } from '../progress.js'
import { UsageError } from '../usage-error.js'
import { withBackend } from '../with-backend.js'

const FORMATS = ['jsonl', 'json', 'memorygraph', 'markdown'] as const

type ExportCommandOptions = { format: (typeof FORMATS)[number]; embeddings?: true; overwrite?: true }

/** `export`: all that is stored, into a file, a folder, or to stdout. */
export function addExportCommand(program: Command): void {
  const command = program
    .command('export')
    .description(
      'Export everything: without loss as JSON Lines or JSON, for MemoryGraph as its JSON, for people as a Markdown folder.',
    )
    .argument('<target>', 'a file, a folder for markdown, or "-" for stdout')
    .addOption(new Option('--format <format>', 'how it is written').choices(FORMATS).default('jsonl'))
    .option('--embeddings', 'also the vectors of memories; as jsonl or json')
    .option('--overwrite', 'replace a file that is there')
  addCommonOptions(command).action(async (target: string, options: ExportCommandOptions) => {
    const { format, embeddings: includeEmbeddings, overwrite } = options
    if (target === '-' && format === 'markdown') throw new UsageError('markdown is a folder: name one')
    await withBackend(command, async ({ backend, output }) => {
      const { onProgress, close } = openProgress(output, 'Exporting')
      if (target === '-') {
        const { exportGraph } = await import('../../transfer/export-graph.js')
        const wanted = { format: format as ExportFormat, includeEmbeddings }
        await interruptible((signal) =>
          pipeline(exportGraph(backend, { ...wanted, signal }), process.stdout, { end: false }),
        )
        return undefined
      }
      const { exportFile } = await import('../../transfer/export-file.js')
      const report = await interruptible((signal) =>
        exportFile(backend, target, { format, includeEmbeddings, overwrite, onProgress, signal }).finally(
          close,
        ),
      )
      output.result(report, () => oneLine(report.path))
      const memories = counted(report.nodes, 'memory', 'memories')
      const vectors = includeEmbeddings ? `, ${counted(report.embeddings, 'vector')}` : ''
      output.note(`exported ${memories}${vectors} and ${counted(report.relationships, 'relationship')}`)
      return undefined
    })
  })
}
