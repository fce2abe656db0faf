import type { Command } from 'commander'
import type { GraphBackend } from '../backends/graph-backend.js'
import type { BackendConfig, Environment } from '../factory/config.js'
import { type CommonSettings, commonSettings } from './common-options.js'
import { Output } from './output.js'
import { openProgress } from './progress.js'
import { UsageError } from './usage-error.js'
import { Warnings } from './warnings.js'

/** What a command works with. */
export type CommandTools = {
  readonly backend: GraphBackend
  readonly output: Output
  /** Whether the backend keeps vectors of memories. */
  readonly hasEmbedder: boolean
}

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
  const warnings = new Warnings(output)
  const indexing = openProgress(output, 'Indexing')
  const watched = {
    ...config,
    ...(isFileBackend(config.backend) && { logger: warnings.logger, onProgress: indexing.onProgress }),
  } as BackendConfig
  await warnings.during(async () => {
    const backend = await createBackend(watched).finally(indexing.close)
    try {
      const hasEmbedder = 'embedder' in config && config.embedder !== undefined
      const exitCode = await work({ backend, output, hasEmbedder })
      if (exitCode !== undefined) process.exitCode = exitCode
    } finally {
      await backend.disconnect()
    }
  })
}

/** The configuration of the environment, overridden by `--backend` and `--path`. Pure. */
export async function configOf(settings: CommonSettings, env: Environment): Promise<BackendConfig> {
  const { backendNameFromEnv, configFromEnv, resolveBackendName } = await import('../factory/config.js')
  const { backend, path } = settings
  if (backend !== undefined) resolveBackendName(backend, env, '--backend')
  const chosen = backend === undefined ? env : { ...env, MEMORY_BACKEND: backend }
  if (path === undefined) return configFromEnv(chosen)
  if (path === '') throw new UsageError('option --path needs the name of a file')
  const name = backendNameFromEnv(chosen)
  if (!isFileBackend(name)) {
    throw new UsageError(`option --path applies to the backends turso and sqlite, not to ${name}`)
  }
  // As a variable, since it decides what the other variables mean: a URL with a path asks for a local copy.
  const config = configFromEnv({ ...chosen, [PATH_VARIABLES[name]]: path })
  if (!('path' in config)) {
    throw new UsageError('option --path has no effect in remote mode (MEMORY_TURSO_MODE): leave it out')
  }
  return config
}

/** The same without the syncs that come by themselves. */
export function withoutAutoSync(config: BackendConfig): BackendConfig {
  return 'autoSync' in config ? { ...config, autoSync: false } : config
}

/** The same without being confined to a tenant. */
export function ofAllTenants(config: BackendConfig): BackendConfig {
  return 'tenantId' in config ? { ...config, tenantId: undefined } : config
}

const PATH_VARIABLES = { turso: 'MEMORY_TURSO_PATH', sqlite: 'MEMORY_SQLITE_PATH' } as const

function isFileBackend(name: string): name is keyof typeof PATH_VARIABLES {
  return Object.hasOwn(PATH_VARIABLES, name)
}
