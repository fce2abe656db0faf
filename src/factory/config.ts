import type { InMemoryBackendOptions } from '../backends/in-memory/in-memory-backend.js'
import type { TursoBackendOptions } from '../backends/turso/turso-backend.js'
import { ConfigurationError } from '../errors.js'
import { AUTO, BUILT_IN_BACKENDS, registeredLoader, unknownBackend } from './backend-registry.js'
import {
  AUTO_SYNC,
  PRIMARY_VARIABLES,
  type PrimarySettings,
  SYNC_INTERVAL,
  TURSO_MODES,
  TURSO_TOKEN,
  TURSO_URL,
  type TursoMode,
} from './primary-settings.js'
import { shownValue } from './shown-value.js'

/** libSQL in a file of its own, never with a primary. */
export type SqliteConfig = Omit<TursoBackendOptions, 'name'> & { readonly backend: 'sqlite' }

/** libSQL in one of three modes. */
export type TursoConfig = Omit<TursoBackendOptions, 'name'> & PrimarySettings & { readonly backend: 'turso' }

/** Everything in memory, gone with the process. */
export type MemoryConfig = InMemoryBackendOptions & { readonly backend: 'memory' }

/** A backend made known with `registerBackend()`. */
export type RegisteredBackendConfig = {
  readonly backend: string & {}
  /** Handed to its loader. */
  readonly options?: Readonly<Record<string, unknown>> | undefined
}

/** Which backend, and how. */
export type BackendConfig = SqliteConfig | TursoConfig | MemoryConfig | RegisteredBackendConfig

/** Environment variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>

const BACKEND = 'MEMORY_BACKEND'
const SQLITE_PATH = ['MEMORY_SQLITE_PATH'] as const
const TURSO_PATH = ['MEMORY_TURSO_PATH', 'LIBSQL_DATABASE_PATH'] as const
const TURSO_MODE = 'MEMORY_TURSO_MODE'
const ENCRYPTION_KEY = 'MEMORY_TURSO_ENCRYPTION_KEY'
const ALLOW_CYCLES = 'MEMORY_ALLOW_CYCLES'

const DEFAULT_BACKEND = 'sqlite'
const DEFAULT_SYNC_INTERVAL_SECONDS = 300

/** The configuration of this process's environment. */
export function environmentConfig(): BackendConfig {
  return configFromEnv(process.env)
}

/** The environment of this process. */
export function environment(): Environment {
  return process.env
}

/**
 * The configuration that environment variables ask for. Pure; an empty variable counts as unset.
 *
 * @throws `MG_CONFIGURATION` a variable has a value it cannot have
 */
export function configFromEnv(env: Environment): BackendConfig {
  const backend = resolveBackendName(firstSet(env, BACKEND) ?? DEFAULT_BACKEND, env)
  if (backend === 'turso') return tursoConfig(env)
  if (backend === 'sqlite') return sqliteConfig(env)
  if (backend === 'memory') return { backend: 'memory', allowCycles: booleanOf(env, ALLOW_CYCLES) ?? false }
  return { backend }
}

/** The backend that the environment asks for, `auto` decided. */
export function backendNameFromEnv(env: Environment): string {
  return resolveBackendName(firstSet(env, BACKEND) ?? DEFAULT_BACKEND, env)
}

/** The backend that a name given by a user means: in any case of letters, `auto` decided. `source` is named in errors. */
export function resolveBackendName(given: string, env: Environment, source: string = BACKEND): string {
  const name = given.toLowerCase()
  if (name === AUTO) return isTursoUrlSet(env) ? 'turso' : 'sqlite'
  const exists =
    (BUILT_IN_BACKENDS as readonly string[]).includes(name) || registeredLoader(name) !== undefined
  if (!exists) throw unknownBackend(name, source)
  return name
}

/** Whether a URL of a primary is configured. */
export function isTursoUrlSet(env: Environment): boolean {
  return firstSet(env, ...TURSO_URL) !== undefined
}

/** Whether a path for the backend `turso` is configured. */
export function isTursoPathSet(env: Environment): boolean {
  return firstSet(env, ...TURSO_PATH) !== undefined
}

/** The mode that a checked configuration asks for, said or implied. */
export function tursoModeOf(config: Omit<TursoConfig, 'backend'>): TursoMode {
  const { mode, url, path, authToken } = config
  if (mode !== undefined && mode !== 'local' && !url) {
    throw new ConfigurationError(
      `The mode "${mode}" (${TURSO_MODE}) needs the URL of a primary: set ${TURSO_URL[0]} or the option "url"`,
    )
  }
  if (mode !== undefined) return mode
  if (!url) return 'local'
  return path || authToken ? 'replica' : 'remote'
}

function sqliteConfig(env: Environment): SqliteConfig {
  return {
    backend: 'sqlite',
    path: firstSet(env, ...SQLITE_PATH),
    encryptionKey: firstSet(env, ENCRYPTION_KEY),
    allowCycles: booleanOf(env, ALLOW_CYCLES) ?? false,
    ignoredSettings: setOnes(env, [...PRIMARY_VARIABLES, TURSO_MODE, ...TURSO_PATH]),
  }
}

function tursoConfig(env: Environment): TursoConfig {
  const settings = {
    path: firstSet(env, ...TURSO_PATH),
    url: firstSet(env, ...TURSO_URL),
    authToken: firstSet(env, ...TURSO_TOKEN),
    mode: modeOf(env),
  }
  const mode = tursoModeOf(settings)
  const withoutEffect = {
    local: PRIMARY_VARIABLES,
    replica: [],
    remote: [...TURSO_PATH, ENCRYPTION_KEY],
  }[mode]
  // Without a primary there is nothing to default: what is said all the same is then known to be the caller's.
  const syncing =
    mode === 'local' ? {} : { autoSync: true, syncIntervalSeconds: DEFAULT_SYNC_INTERVAL_SECONDS }
  return {
    backend: 'turso',
    ...settings,
    autoSync: booleanOf(env, AUTO_SYNC) ?? syncing.autoSync,
    syncIntervalSeconds: secondsOf(env, SYNC_INTERVAL) ?? syncing.syncIntervalSeconds,
    encryptionKey: firstSet(env, ENCRYPTION_KEY),
    allowCycles: booleanOf(env, ALLOW_CYCLES) ?? false,
    ignoredSettings: setOnes(env, [...withoutEffect, ...SQLITE_PATH]),
  }
}

/** The first variable that is set. */
function firstSet(env: Environment, ...names: readonly string[]): string | undefined {
  return names.map((name) => env[name]).find((value) => value !== undefined && value !== '')
}

function setOnes(env: Environment, names: readonly string[]): string[] {
  return names.filter((name) => firstSet(env, name) !== undefined)
}

function modeOf(env: Environment): TursoMode | undefined {
  const value = firstSet(env, TURSO_MODE)
  const mode = TURSO_MODES.find((known) => known === value?.toLowerCase())
  if (value !== undefined && mode === undefined)
    throw invalid(TURSO_MODE, value, `use one of ${TURSO_MODES.join(', ')}`)
  return mode
}

function booleanOf(env: Environment, name: string): boolean | undefined {
  const value = firstSet(env, name)
  if (value === undefined) return undefined
  const lower = value.toLowerCase()
  if (lower !== 'true' && lower !== 'false') throw invalid(name, value, 'use true or false')
  return lower === 'true'
}

function secondsOf(env: Environment, name: string): number | undefined {
  const value = firstSet(env, name)
  if (value === undefined) return undefined
  if (!/^\d+(\.\d+)?$/.test(value)) throw invalid(name, value, 'use a number of seconds, 0 for never')
  return Number(value)
}

function invalid(name: string, value: string, remedy: string): ConfigurationError {
  const shown = shownValue(value)
  return new ConfigurationError(`Invalid value of ${name}: ${JSON.stringify(shown)}: ${remedy}`, {
    details: { variable: name, value: shown },
  })
}
