import type { Command } from 'commander'
import { addCommonOptions } from '../common-options.js'
import { printEmbedding } from '../embed-stored.js'
import { interruptible } from '../interruptible.js'
import { oneLine } from '../output.js'
import { openProgress } from '../progress.js'
import { withBackend } from '../with-backend.js'

/** `embed`: vectors for the memories that have no current one; exit code 1 when some could not be embedded. */
export function addEmbedCommand(program: Command): void {
  const command = program
    .command('embed')
    .description(
      'Embed the memories that have no current vector, with the embedder of MEMORY_EMBEDDER. Exits with 1 if some could not be.',
    )
  addCommonOptions(command).action(async () => {
    await withBackend(command, async ({ backend, output }) => {
      const { onProgress, close } = openProgress(output, 'Embedding')
      const report = await interruptible((signal) =>
        backend.embedPending({ onProgress, signal }).finally(close),
      )
      output.result(report, () => oneLine(printEmbedding(report)))
      if (report.last_error !== null) output.warn(report.last_error)
      return report.failed > 0 ? 1 : 0
    })
  })
}
