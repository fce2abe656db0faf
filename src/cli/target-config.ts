import { resolve } from 'node:path'
import type { BackendConfig, Environment } from '../factory/config.js'
import type { CommonSettings } from './common-options.js'
import { UsageError } from './usage-error.js'
import { configOf } from './with-backend.js'

/** Where a migration goes. */
export type MigrationTarget = {
  readonly to: string
  readonly toPath: string | undefined
  readonly toUrl: string | undefined
}

/**
 * The configuration of the backend that a migration goes to. What is said decides alone where it is: a path a local file, a URL a
 * primary, both a local copy of that. Token, key and the like are those of the environment. Pure.
 */
export async function targetConfig(
  settings: CommonSettings,
  env: Environment,
  { to, toPath, toUrl }: MigrationTarget,
): Promise<BackendConfig> {
  const { TURSO_PATH, TURSO_URL } = await import('../factory/turso-settings.js')
  if (toPath === undefined && toUrl === undefined)
    throw new UsageError('say where to go: give --to-path, or --to-url, or both')
  const elsewhere = new Set<string>([...TURSO_URL, ...TURSO_PATH, 'MEMORY_SQLITE_PATH', 'MEMORY_TURSO_MODE'])
  const own = Object.fromEntries(Object.entries(env).filter(([name]) => !elsewhere.has(name)))
  const mode = toUrl === undefined ? 'local' : toPath === undefined ? 'remote' : 'replica'
  const said = {
    ...own,
    ...(to === 'turso' && { MEMORY_TURSO_MODE: mode }),
    ...(toUrl !== undefined && { MEMORYGRAPH_TURSO_URL: toUrl }),
  }
  if (to !== 'turso' && toUrl !== undefined) throw new UsageError('option --to-url needs --to turso')
  const target = await configOf({ ...settings, backend: to, path: toPath }, said)
  const source = await configOf(settings, env)
  if (pathOf(source) !== null && pathOf(source) === pathOf(target))
    throw new UsageError('the file to migrate to is the one to migrate from: give another --to-path')
  return target
}

function pathOf(config: BackendConfig): string | null {
  return 'path' in config && typeof config.path === 'string' ? resolve(config.path) : null
}
