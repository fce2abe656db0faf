import type { PromoteOptions } from '../backends/turso/turso-backend.js'
import type { Environment, TursoConfig } from '../factory/config.js'
import type { CommonSettings } from './common-options.js'
import { UsageError } from './usage-error.js'
import { configOf } from './with-backend.js'

/** A database file, whether or not it is the copy of a primary. */
export type FileConfig = { readonly path: string | undefined; readonly encryptionKey: string | undefined }

const FILE_BACKENDS = ['turso', 'sqlite'] as const

/** The file that a command is about, whichever of the backends that have files it is used by. Pure. */
export async function fileConfig(settings: CommonSettings, env: Environment): Promise<FileConfig> {
  const asFile = { ...env, MEMORY_TURSO_MODE: 'local' }
  const isChosen = settings.backend !== undefined || Boolean(env['MEMORY_BACKEND'])
  const choices = isChosen ? [settings] : FILE_BACKENDS.map((backend) => ({ ...settings, backend }))
  const configs = await Promise.all(choices.map((choice) => configOf(choice, asFile)))
  const files = configs.map((config) => {
    if (!(FILE_BACKENDS as readonly string[]).includes(config.backend)) throw noFile(config.backend)
    const { path, encryptionKey } = config as TursoConfig
    return { path, encryptionKey }
  })
  const paths = new Set(files.map(({ path }) => path).filter((path) => path !== undefined))
  if (paths.size > 1) {
    throw new UsageError('the environment names two files: say which with --path, or with --backend')
  }
  return { path: [...paths][0], encryptionKey: files[0]?.encryptionKey }
}

/** How that file is promoted to the primary at this URL, or else to the one of the environment. Pure. */
export async function promoteOptions(
  settings: CommonSettings,
  env: Environment,
  url: string | undefined,
): Promise<PromoteOptions> {
  const { configFromEnv, isTursoUrlSet } = await import('../factory/config.js')
  if (url === '') throw new UsageError('option --url needs the URL of a primary')
  const reached = url === undefined ? env : { ...env, MEMORYGRAPH_TURSO_URL: url }
  if (!isTursoUrlSet(reached)) {
    throw new UsageError('there is no primary to go to: give --url, or set MEMORYGRAPH_TURSO_URL')
  }
  const file = await fileConfig(settings, reached)
  const asReplica = { ...reached, MEMORY_BACKEND: 'turso', MEMORY_TURSO_MODE: 'replica' }
  const {
    url: primary,
    authToken,
    allowInsecure,
    timeoutMs,
    maxInFlight,
  } = configFromEnv(asReplica) as TursoConfig
  return { ...file, url: primary, authToken, allowInsecure, timeoutMs, maxInFlight }
}

function noFile(backend: string): UsageError {
  return new UsageError(
    `the backend ${backend} has no file to work on: use --backend turso or --backend sqlite`,
  )
}
