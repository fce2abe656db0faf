import type { GraphBackend } from '../backends/graph-backend.js'
import type { TursoBackendOptions } from '../backends/turso/turso-options.js'
import { ConfigurationError } from '../errors.js'
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
  type RegisteredBackendConfig,
  SQLITE_OPTIONS,
  type SqliteConfig,
  type TursoConfig,
} from './config.js'

export { type BackendLoader, registerBackend }

/**
 * A backend that is connected and whose schema is ready. Default is what the environment asks for.
 * Never another one than that: what cannot be opened is an error.
 *
 * @throws `MG_CONFIGURATION` · what `connect()` and `initializeSchema()` throw
 */
export async function createBackend(config: BackendConfig = environmentConfig()): Promise<GraphBackend> {
  return createFromConfig(config)
}

/** The same as {@link createBackend}, but never looks at the environment. */
export async function createFromConfig(config: BackendConfig): Promise<GraphBackend> {
  const backend = await instantiate(config)
  try {
    await backend.connect()
    await backend.initializeSchema()
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

async function instantiate(config: BackendConfig): Promise<GraphBackend> {
  if (typeof config !== 'object' || config === null) {
    throw new ConfigurationError('Invalid configuration: must be an object with the key "backend"')
  }
  const name: string = config.backend
  if (name === 'turso') return openTurso(config as TursoConfig)
  if (name === 'sqlite') return openSqlite(config as SqliteConfig)
  if (name === 'memory') return openMemory(config as MemoryConfig)
  return openRegistered(name, config as RegisteredBackendConfig)
}

async function openTurso({ backend: name, ...options }: TursoConfig): Promise<GraphBackend> {
  if ('name' in options) throw unknownKeys(['name'], name)
  return openLibsql({ ...options, name })
}

// One class is behind both names, and would take the options of a primary under either.
async function openSqlite({ backend: name, ...options }: SqliteConfig): Promise<GraphBackend> {
  const known: readonly string[] = SQLITE_OPTIONS
  const unknown = Object.keys(options).filter((key) => !known.includes(key))
  if (unknown.length > 0) throw unknownKeys(unknown, name)
  return openLibsql({ ...options, name, mode: 'local' })
}

async function openLibsql(options: TursoBackendOptions): Promise<GraphBackend> {
  const { TursoBackend } = await import('../backends/turso/turso-backend.js')
  return new TursoBackend(options)
}

async function openMemory(config: MemoryConfig): Promise<GraphBackend> {
  const { backend: _name, ...options } = config
  const { InMemoryBackend } = await import('../backends/in-memory/in-memory-backend.js')
  return new InMemoryBackend(options)
}

async function openRegistered(
  name: string,
  { backend: _name, options = {}, ...more }: RegisteredBackendConfig,
): Promise<GraphBackend> {
  const loader = registeredLoader(name)
  if (loader === undefined) throw unknownBackend(name, 'the key "backend" of the configuration')
  const unknown = Object.keys(more)
  if (unknown.length > 0) throw unknownKeys(unknown, name)
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw new ConfigurationError('Invalid option options: must be an object', {
      details: { option: 'options' },
    })
  }
  return loader(options)
}

function unknownKeys(unknown: readonly string[], backend: string): ConfigurationError {
  const names = unknown.map((key) => JSON.stringify(key)).join(', ')
  return new ConfigurationError(`Unknown key ${names} in the configuration of the backend "${backend}"`, {
    details: { unknown, backend },
  })
}
