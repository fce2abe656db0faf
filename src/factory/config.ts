import type { InMemoryBackendOptions } from '../backends/in-memory/in-memory-backend.js'
import type { TursoBackendOptions } from '../backends/turso/turso-options.js'
import { ConfigurationError } from '../errors.js'
import { AUTO, BUILT_IN_BACKENDS, registeredLoader, unknownBackend } from './backend-registry.js'
import { EMBEDDER, embedderSettings } from './embedder-settings.js'
import { type Environment, FLAG, readVariable, setOnes, TEXT } from './read-variable.js'
import { MULTI_TENANT_MODE, tenantSettings } from './tenant-settings.js'
import { ENCRYPTION_KEY, TURSO_PATH, TURSO_URL, TURSO_VARIABLES, tursoSettings } from './turso-settings.js'

export type { Environment } from './read-variable.js'

/** The options of the backend `sqlite`: those of `turso` that mean something without a primary. */
export const SQLITE_OPTIONS = [
  'path',
  'encryptionKey',
  'synchronous',
  'busyTimeoutMs',
  'maxContentBytes',
  'allowCycles',
  'auditLog',
  'trackUsage',
  'synonyms',
  'tenantId',
  'embedder',
  'embedTimeoutMs',
  'queryTimeoutMs',
  'adopt',
  'ignoredSettings',
  'onProgress',
  'logger',
] as const

/** libSQL in a file of its own, never with a primary. */
export type SqliteConfig = Pick<TursoBackendOptions, (typeof SQLITE_OPTIONS)[number]> & {
  readonly backend: 'sqlite'
}

/** libSQL in one of three modes. */
export type TursoConfig = Omit<TursoBackendOptions, 'name'> & { readonly backend: 'turso' }

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

const BACKEND = 'MEMORY_BACKEND'
const SQLITE_PATH = ['MEMORY_SQLITE_PATH'] as const
const ALLOW_CYCLES = ['MEMORY_ALLOW_CYCLES'] as const
const AUDIT_LOG = ['MEMORY_ENABLE_AUDIT_LOG'] as const

const DEFAULT_BACKEND = 'sqlite'

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
  const backend = backendNameFromEnv(env)
  if (backend === 'turso') return tursoConfig(env)
  if (backend === 'sqlite') return sqliteConfig(env)
  if (backend === 'memory') return { backend: 'memory', ...forEveryBackend(env) }
  if (tenantSettings(env).tenantId !== undefined) throw notConfined(backend)
  if (embedderSettings(env).embedder !== undefined) throw withoutEmbedder(backend)
  return { backend }
}

/** The backend that the environment asks for, `auto` decided. */
export function backendNameFromEnv(env: Environment): string {
  return resolveBackendName(readVariable(env, [BACKEND], TEXT) ?? DEFAULT_BACKEND, env)
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
  return setOnes(env, TURSO_URL).length > 0
}

/** Whether a path for the backend `turso` is configured. */
export function isTursoPathSet(env: Environment): boolean {
  return setOnes(env, TURSO_PATH).length > 0
}

function sqliteConfig(env: Environment): SqliteConfig {
  return {
    backend: 'sqlite',
    path: readVariable(env, SQLITE_PATH, TEXT),
    encryptionKey: readVariable(env, ENCRYPTION_KEY, TEXT),
    ...forEveryBackend(env),
    ignoredSettings: [...setOnes(env, TURSO_VARIABLES), ...ignoredByAll(env)],
  }
}

function tursoConfig(env: Environment): TursoConfig {
  const { options, ignored } = tursoSettings(env)
  return {
    backend: 'turso',
    ...options,
    ...forEveryBackend(env),
    ignoredSettings: [...ignored, ...setOnes(env, SQLITE_PATH), ...ignoredByAll(env)],
  }
}

function ignoredByAll(env: Environment): readonly string[] {
  return [...tenantSettings(env).ignored, ...embedderSettings(env).ignored]
}

function forEveryBackend(
  env: Environment,
): { allowCycles: boolean; auditLog: boolean } & Pick<MemoryConfig, 'tenantId' | 'embedder'> {
  return {
    allowCycles: readVariable(env, ALLOW_CYCLES, FLAG) ?? false,
    auditLog: readVariable(env, AUDIT_LOG, FLAG) ?? false,
    tenantId: tenantSettings(env).tenantId,
    embedder: embedderSettings(env).embedder,
  }
}

// A loader of another author may not know of tenants, and then everybody would see everything.
function notConfined(backend: string): ConfigurationError {
  return new ConfigurationError(
    `${MULTI_TENANT_MODE} has no effect on the registered backend "${backend}": leave it out, and use the views that scoped({ tenantId }) makes`,
    { details: { variable: MULTI_TENANT_MODE, backend } },
  )
}

// A loader of another author may not know of embedders, and then nothing would ever be embedded.
function withoutEmbedder(backend: string): ConfigurationError {
  return new ConfigurationError(
    `${EMBEDDER} has no effect on the registered backend "${backend}": leave it out, and give the backend an embedder in its options`,
    { details: { variable: EMBEDDER, backend } },
  )
}
