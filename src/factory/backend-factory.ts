import type { BulkOptions, GraphBackend } from '../backends/graph-backend.js'
import { ConfigurationError, NotSupportedError } from '../errors.js'
import { type BackendLoader, registerBackend, registeredLoader, unknownBackend } from './backend-registry.js'
import {
  type BackendConfig,
  backendNameFromEnv,
  type Environment,
  environment,
  environmentConfig,
  isTursoPathSet,
  isTursoUrlSet,
  type MemoryConfig,
  type SqliteConfig,
  type TursoConfig,
  tursoModeOf,
} from './config.js'

export { type BackendLoader, registerBackend }

const SQLITE_KEYS: readonly string[] = [
  'backend',
  'path',
  'encryptionKey',
  'synchronous',
  'busyTimeoutMs',
  'maxContentBytes',
  'allowCycles',
  'adopt',
  'ignoredSettings',
  'onProgress',
  'logger',
] satisfies (keyof SqliteConfig)[]

const PRIMARY_KEYS = ['url', 'authToken', 'mode', 'autoSync', 'syncIntervalSeconds'] as const
const TURSO_KEYS: readonly string[] = [...SQLITE_KEYS, ...PRIMARY_KEYS]

const MEMORY_KEYS: readonly string[] = [
  'backend',
  'maxContentBytes',
  'allowCycles',
  'logger',
] satisfies (keyof MemoryConfig)[]

/**
 * A backend that is connected and whose schema is ready. Default is what the environment asks for.
 * Never another one than that: what cannot be opened is an error.
 *
 * @throws `MG_CONFIGURATION` · `MG_NOT_SUPPORTED` · what `connect()` and `initializeSchema()` throw
 */
export async function createBackend(config: BackendConfig = environmentConfig()): Promise<GraphBackend> {
  return createFromConfig(config)
}

/** The same as {@link createBackend}, but never looks at the environment. */
export async function createFromConfig(config: BackendConfig): Promise<GraphBackend> {
  const { backend, onProgress } = await instantiate(config)
  try {
    await backend.connect()
    await backend.initializeSchema({ onProgress })
    return backend
  } catch (error) {
    await backend.disconnect().catch(() => undefined) // what went wrong first is what the caller needs to know
    throw error
  }
}

/** The name of the backend that {@link createBackend} would create; `auto` is decided. */
export function getConfiguredBackendType(env: Environment = environment()): string {
  return backendNameFromEnv(env)
}

/** Whether the environment says enough to create this backend. False for names that no backend has. */
export function isBackendConfigured(type: string, env: Environment = environment()): boolean {
  const name = type.toLowerCase()
  if (name === 'turso') return isTursoPathSet(env) || isTursoUrlSet(env)
  return name === 'sqlite' || name === 'memory' || registeredLoader(name) !== undefined
}

/** The functions that create backends, in the one object that MemoryGraph has them in. */
export const BackendFactory: {
  readonly createBackend: typeof createBackend
  readonly createFromConfig: typeof createFromConfig
  readonly getConfiguredBackendType: typeof getConfiguredBackendType
  readonly isBackendConfigured: typeof isBackendConfigured
  readonly registerBackend: typeof registerBackend
} = Object.freeze({
  createBackend,
  createFromConfig,
  getConfiguredBackendType,
  isBackendConfigured,
  registerBackend,
})

type Instance = { backend: GraphBackend; onProgress?: BulkOptions['onProgress'] }

async function instantiate(config: BackendConfig): Promise<Instance> {
  if (typeof config !== 'object' || config === null) {
    throw new ConfigurationError('Invalid configuration: must be an object with the key "backend"')
  }
  const name: string = config.backend
  if (name === 'turso') return openTurso(config as TursoConfig)
  if (name === 'sqlite') return openSqlite(config as SqliteConfig)
  if (name === 'memory') return openMemory(config as MemoryConfig)
  const loader = registeredLoader(name)
  if (loader === undefined) throw unknownBackend(name, 'the key "backend" of the configuration')
  requireKeys(config, ['backend', 'options'])
  return { backend: await loader(('options' in config && config.options) || {}) }
}

async function openTurso(config: TursoConfig): Promise<Instance> {
  requireKeys(config, TURSO_KEYS)
  const mode = tursoModeOf(config)
  if (mode !== 'local') {
    throw new NotSupportedError(
      `A URL of a primary is configured, but the ${mode} mode is not available in this version: replica and remote modes come later. ` +
        'Say MEMORY_TURSO_MODE=local (option mode: "local") to use the local file alone',
      { details: { mode } },
    )
  }
  const { url: _url, authToken: _authToken, mode: _mode, autoSync: _autoSync, ...rest } = config
  const { backend: name, syncIntervalSeconds: _seconds, ...options } = rest
  const { TursoBackend } = await import('../backends/turso/turso-backend.js')
  return { backend: new TursoBackend({ ...options, name }), onProgress: options.onProgress }
}

async function openSqlite(config: SqliteConfig): Promise<Instance> {
  requireKeys(config, SQLITE_KEYS)
  const { backend: name, ...options } = config
  const { TursoBackend } = await import('../backends/turso/turso-backend.js')
  return { backend: new TursoBackend({ ...options, name }), onProgress: options.onProgress }
}

async function openMemory(config: MemoryConfig): Promise<Instance> {
  requireKeys(config, MEMORY_KEYS)
  const { backend: _name, ...options } = config
  const { InMemoryBackend } = await import('../backends/in-memory/in-memory-backend.js')
  return { backend: new InMemoryBackend(options) }
}

function requireKeys(config: BackendConfig, known: readonly string[]): void {
  const unknown = Object.keys(config).filter((key) => !known.includes(key))
  if (unknown.length === 0) return
  throw new ConfigurationError(
    `Unknown key ${unknown.map((key) => JSON.stringify(key)).join(', ')} in the configuration of the backend ` +
      `"${config.backend}": it has ${known.join(', ')}`,
    { details: { unknown, backend: config.backend } },
  )
}
