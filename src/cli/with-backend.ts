import type { Command } from 'commander'
import type { GraphBackend } from '../backends/graph-backend.js'
import type { BackendConfig, Environment } from '../factory/config.js'
import { type CommonSettings, commonSettings } from './common-options.js'
import { Output } from './output.js'
import { openProgress } from './progress.js'
import { UsageError } from './usage-error.js'

/** What a command works with. */
export type CommandTools = { readonly backend: GraphBackend; readonly output: Output }

/** Runs a command on the backend it was asked for, and disconnects whatever happens. May return an exit code. */
export async function withBackend(
  command: Command,
  work: (tools: CommandTools) => Promise<number | undefined>,
): Promise<void> {
  const settings = commonSettings(command)
  const config = await configOf(settings, process.env)
  await runOn(config, new Output(settings), work)
}

/** The same with a configuration that is known already. */
export async function runOn(
  config: BackendConfig,
  output: Output,
  work: (tools: CommandTools) => Promise<number | undefined>,
): Promise<void> {
  const { createBackend } = await import('../factory/backend-factory.js')
  const indexing = openProgress(output, 'Indexing')
  const isFile = config.backend === 'turso' || config.backend === 'sqlite'
  const watched = {
    ...config,
    ...(isFile && {
      logger: { warn: (message: string) => output.warn(message) },
      onProgress: indexing.onProgress,
    }),
  } as BackendConfig
  const backend = await createBackend(watched).finally(indexing.close)
  try {
    const exitCode = await work({ backend, output })
    if (exitCode !== undefined) process.exitCode = exitCode
  } finally {
    await backend.disconnect()
  }
}

/** The configuration of the environment, overridden by `--backend` and `--path`. */
export async function configOf(settings: CommonSettings, env: Environment): Promise<BackendConfig> {
  const { configFromEnv, resolveBackendName } = await import('../factory/config.js')
  const { backend, path } = settings
  if (backend !== undefined) resolveBackendName(backend, env, '--backend')
  const config = configFromEnv(backend === undefined ? env : { ...env, MEMORY_BACKEND: backend })
  if (path === undefined) return config
  if (path === '') throw new UsageError('option --path needs the name of a file')
  if (config.backend === 'turso' || config.backend === 'sqlite') return { ...config, path } as BackendConfig
  throw new UsageError(`option --path applies to the backends turso and sqlite, not to ${config.backend}`)
}
