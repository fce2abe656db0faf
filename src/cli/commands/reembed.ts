import type { Command } from 'commander'
import { addCommonOptions } from '../common-options.js'
import { printEmbedding } from '../embed-stored.js'
import { interruptible } from '../interruptible.js'
import { oneLine } from '../output.js'
import { openProgress } from '../progress.js'
import { withBackend } from '../with-backend.js'

/** `reembed`: all memories with the embedder that is configured now, whose vectors recalls then use. */
export function addReembedCommand(program: Command): void {
  const command = program
    .command('reembed')
    .description(
      'Embed all memories with the embedder of MEMORY_EMBEDDER, then let recalls use its vectors. Until then they use those of the model before. Can be stopped and run again.',
    )
    .option('--model <name>', 'refuse to run unless this is its model')
    .option('--keep-old', 'keep the vectors of the model before')
  addCommonOptions(command).action(async ({ model, keepOld }: { model?: string; keepOld?: true }) => {
    await withBackend(command, async ({ backend, output }) => {
      const { onProgress, close } = openProgress(output, 'Embedding')
      const report = await interruptible((signal) =>
        backend.reembed({ model, keepOld, onProgress, signal }).finally(close),
      )
      output.result(report, () => oneLine(printEmbedding(report)))
      return undefined
    })
  })
}
