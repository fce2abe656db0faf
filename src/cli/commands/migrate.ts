import type { Command } from 'commander'
import type { BackendConfig } from '../../factory/config.js'
import { CONFLICT_POLICIES, type ConflictPolicy } from '../../transfer/conflict-policy.js'
import { addCommonOptions, commonSettings } from '../common-options.js'
import { embedStored } from '../embed-stored.js'
import { interruptible } from '../interruptible.js'
import { oneOf } from '../option-values.js'
import { showImport } from '../print-import.js'
import { openProgress } from '../progress.js'
import { targetConfig } from '../target-config.js'
import { runOn, withBackend } from '../with-backend.js'

type MigrateCommandOptions = {
  to: string
  toPath?: string
  toUrl?: string
  onConflict?: ConflictPolicy
  embeddings: boolean
  skipRefused?: true
  dryRun?: true
}

/** `migrate`: all that is stored, into another backend. */
export function addMigrateCommand(program: Command): void {
  const command = program
    .command('migrate')
    .description(
      'Copy everything into another backend, in one write that is read back and compared. What is there stays.',
    )
    .requiredOption('--to <name>', 'the backend to copy to: turso or sqlite')
    .option('--to-path <file>', 'its file')
    .option('--to-url <url>', 'its primary; the token is that of the environment')
    .option(
      '--on-conflict <policy>',
      `what counts where an id is stored with other content: ${CONFLICT_POLICIES.join(', ')} (default: newer)`,
      oneOf(CONFLICT_POLICIES),
    )
    .option('--no-embeddings', 'leave the vectors of memories behind')
    .option('--skip-refused', 'leave behind what the other backend refuses')
    .option('--dry-run', 'take everything back at the end, only report')
  addCommonOptions(command).action(async (options: MigrateCommandOptions) => {
    const { to, toPath, toUrl, onConflict, embeddings, skipRefused, dryRun } = options
    const config: BackendConfig = await targetConfig(commonSettings(command), process.env, {
      to,
      toPath,
      toUrl,
    })
    await withBackend(command, async ({ backend: source, output }) => {
      let exitCode: number | undefined
      await runOn(config, output, async (tools) => {
        const { backend: target } = tools
        const { migrate } = await import('../../transfer/migrate.js')
        const { onProgress, close } = openProgress(output, 'Migrating')
        const report = await interruptible((signal) =>
          migrate(source, target, {
            onConflict,
            includeEmbeddings: embeddings ? undefined : false,
            skipRefused,
            dryRun,
            onProgress,
            signal,
          }).finally(close),
        )
        exitCode = showImport(output, report)
        if (!dryRun) await embedStored(tools)
        return undefined
      })
      return exitCode
    })
  })
}
