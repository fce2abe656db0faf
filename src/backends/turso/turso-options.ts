import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { ConfigurationError } from '../../errors.js'
import type { Progress } from '../graph-backend.js'
import type { Logger } from '../logger.js'

/** Where the file is unless `path` says otherwise. */
export const DEFAULT_DATABASE_PATH = '~/.memorygraph/memory.db'
/** How long a write waits for another process, in milliseconds, unless `busyTimeoutMs` says otherwise. */
export const DEFAULT_BUSY_TIMEOUT_MS = 10_000

/** How a {@link TursoBackend} is set up. Unknown keys are refused. */
export type TursoBackendOptions = {
  /** The database file, or `:memory:`. `~` is the home folder; the folder is created. Default is `~/.memorygraph/memory.db`. */
  readonly path?: string | undefined
  /** Encrypts the file at rest (AES-256-CBC). The same key is needed ever after; it is kept in memory alone. */
  readonly encryptionKey?: string | undefined
  /** `full` (default): a write that resolved survives a power cut. `normal`: the last ones may not; much faster. */
  readonly synchronous?: 'full' | 'normal' | undefined
  /** How long a write waits for other processes, in milliseconds. Default is 10,000. */
  readonly busyTimeoutMs?: number | undefined
  /** Largest content of a memory, in bytes of UTF-8. Default is 1 MiB. */
  readonly maxContentBytes?: number | undefined
  /** Whether a memory may be joined to itself. Default is false. */
  readonly allowCycles?: boolean | undefined
  /** Whether tables may be put beside those of another program. Default is false. */
  readonly adopt?: boolean | undefined
  /** What `backendName()` says. Default is `turso`. */
  readonly name?: 'turso' | 'sqlite' | undefined
  /** Settings that were given somewhere but have no effect here; the health report names them. */
  readonly ignoredSettings?: readonly string[] | undefined
  /** Progress of indexing a file that was filled by another program, for `TursoBackend.create()`. */
  readonly onProgress?: ((progress: Progress) => void) | undefined
  readonly logger?: Logger | undefined
}

/** Checked options with every default filled in. */
export type CompleteTursoOptions =
  Required<{
    [Name in keyof TursoBackendOptions]: Exclude<TursoBackendOptions[Name], undefined>
  }> extends infer Complete
    ? Omit<Complete, 'encryptionKey' | 'maxContentBytes' | 'onProgress' | 'logger'> &
        Pick<TursoBackendOptions, 'encryptionKey' | 'maxContentBytes' | 'onProgress' | 'logger'>
    : never

type Check = readonly [test: (value: unknown) => boolean, expected: string]

const isText: Check = [
  (value) => typeof value === 'string' && value !== '' && !value.includes('\u0000'),
  'text that is not empty',
]
const isFlag: Check = [(value) => typeof value === 'boolean', 'true or false']
const isPositive: Check = [
  (value) => Number.isSafeInteger(value) && (value as number) > 0,
  'a whole number above 0',
]
const isFunction: Check = [(value) => typeof value === 'function', 'a function']

const CHECKS: Readonly<Record<keyof TursoBackendOptions, Check>> = {
  path: isText,
  encryptionKey: isText,
  synchronous: [(value) => value === 'full' || value === 'normal', '"full" or "normal"'],
  busyTimeoutMs: isPositive,
  maxContentBytes: isPositive,
  allowCycles: isFlag,
  adopt: isFlag,
  name: [(value) => value === 'turso' || value === 'sqlite', '"turso" or "sqlite"'],
  ignoredSettings: [
    (value) => Array.isArray(value) && value.every((name) => typeof name === 'string'),
    'a list of names',
  ],
  onProgress: isFunction,
  logger: [
    (value) => typeof (value as Logger | null)?.warn === 'function',
    'an object with a function "warn"',
  ],
}

/**
 * Checks options and fills in defaults.
 *
 * @throws `MG_CONFIGURATION` an unknown key, or a value that does not fit (never repeated for the encryption key)
 */
export function completeOptions(options: TursoBackendOptions): CompleteTursoOptions {
  if (typeof options !== 'object' || options === null)
    throw new ConfigurationError('Invalid options: must be an object')
  for (const [key, value] of Object.entries(options)) {
    const check = Object.hasOwn(CHECKS, key) ? CHECKS[key as keyof TursoBackendOptions] : undefined
    if (!check)
      throw new ConfigurationError(
        `Unknown option "${key}": the options are ${Object.keys(CHECKS).join(', ')}`,
      )
    if (value !== undefined && !check[0](value)) {
      const got = key === 'encryptionKey' ? '' : ` (got ${JSON.stringify(value) ?? typeof value})`
      throw new ConfigurationError(`Invalid option ${key}: must be ${check[1]}${got}`)
    }
  }
  return {
    ...options,
    path: resolvePath(options.path ?? DEFAULT_DATABASE_PATH),
    synchronous: options.synchronous ?? 'full',
    busyTimeoutMs: options.busyTimeoutMs ?? DEFAULT_BUSY_TIMEOUT_MS,
    allowCycles: options.allowCycles ?? false,
    adopt: options.adopt ?? false,
    name: options.name ?? 'turso',
    ignoredSettings: options.ignoredSettings ?? [],
  }
}

function resolvePath(path: string): string {
  if (path === ':memory:') return path
  if (/^(?:[a-z]{2,}:)/i.test(path)) {
    throw new ConfigurationError(
      `Invalid option path: ${JSON.stringify(path.split(':')[0])} is a URL, not a file: give a path`,
    )
  }
  return path === '~' || /^~[/\\]/.test(path) ? join(homedir(), path.slice(1)) : resolve(path)
}
