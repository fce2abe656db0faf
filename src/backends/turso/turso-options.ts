import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { IS_EMBEDDER } from '../../embedding/check-options.js'
import type { Embedder } from '../../embedding/embedder.js'
import { ConfigurationError } from '../../errors.js'
import { isSynonyms, SYNONYMS_EXPECTED, type Synonyms } from '../../search/synonyms.js'
import { shownValue } from '../../shown-value.js'
import { AUDIT_LOG_EXPECTED, type AuditLogOption, isAuditLogOption } from '../audit-actor.js'
import type { Progress } from '../graph-backend.js'
import type { Logger } from '../logger.js'
import { MEMORY_PATH } from './memory-path.js'
import type { PrimaryOptions } from './primary/primary.js'
import { parsePrimaryUrl } from './primary/primary-url.js'
import {
  type CompleteDiskAnnOptions,
  completeDiskAnn,
  DISKANN_EXPECTED,
  type DiskAnnOptions,
  isDiskAnnOptions,
  VECTOR_STRATEGIES,
  type VectorStrategy,
} from './vectors/vector-options.js'

/** Where the file is unless `path` says otherwise. */
export const DEFAULT_DATABASE_PATH = '~/.memorygraph/memory.db'
/** How long a write waits for another process, in milliseconds, unless `busyTimeoutMs` says otherwise. */
export const DEFAULT_BUSY_TIMEOUT_MS = 10_000

/** Where the data can be. */
export const TURSO_MODES = ['local', 'replica', 'remote'] as const

/** Where the data is: in a local file, in a local copy of a primary, or in the primary alone. */
export type TursoMode = (typeof TURSO_MODES)[number]

/** A token, or what gives the one to use now. It is asked before each request, so it should keep what it fetched. */
export type TokenSource = string | (() => string | Promise<string>)

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
  /**
   * Earlier versions of each memory that are kept, 0 for none; noted in the database by `initializeSchema()`, for all that write it.
   * Default is what is noted, at first 20.
   */
  readonly keepVersions?: number | undefined
  /**
   * Whether an audit log is kept, and of whom it speaks: the user of the operating system, or `actor`. What was read within the
   * last second is lost when the process ends without `disconnect()`. Default is false.
   */
  readonly auditLog?: AuditLogOption | undefined
  /**
   * Whether `usage_count` and `last_accessed` of memories tell how often `getMemory`, `getMemories`, searches and recalls return them,
   * and when last; up to a second later. Default is false.
   */
  readonly trackUsage?: boolean | undefined
  /**
   * Words and phrases that are also looked for where a search or recall asks for another, such as `{ k8s: ['kubernetes'] }`: one way,
   * as given. They count half. Default is none.
   */
  readonly synonyms?: Synonyms | undefined
  /**
   * Confines the backend to one tenant: what it stores is stamped, and nothing else is seen, as in the view that `scoped({ tenantId })`
   * makes. Default is no scope.
   */
  readonly tenantId?: string | undefined
  /** Keeps the vectors of memories current, in the background, after each write. Default is none. */
  readonly embedder?: Embedder | undefined
  /** How long it may take for a batch, in milliseconds. Default is 30,000. */
  readonly embedTimeoutMs?: number | undefined
  /** How long a recall waits for the vector of its text, in milliseconds. Default is 2,000. */
  readonly queryTimeoutMs?: number | undefined
  /**
   * How the vectors nearest to one are found. `exact`: all are compared. `quantized`: codes of a bit for each component are looked through
   * in memory, about 56 bytes for 384 components, and the vectors of the best compared. `auto` (default): the one that is faster for as
   * many as there are. `diskann`: by an index in a local file that libSQL alone can open; it is slow to write and large, and gone at the
   * next `initializeSchema()` with another strategy. A primary compares all by itself: remote mode takes `auto` and `exact`.
   */
  readonly vectorStrategy?: VectorStrategy | undefined
  /** How the index of the strategy `diskann` is made, which is the only one that takes it. */
  readonly diskann?: DiskAnnOptions | undefined
  /** Whether tables may be put beside those of another program. Default is false. */
  readonly adopt?: boolean | undefined
  /** What `backendName()` says. Default is `turso`. */
  readonly name?: 'turso' | 'sqlite' | undefined
  /** Settings that were given somewhere but have no effect here; the health report names them. */
  readonly ignoredSettings?: readonly string[] | undefined
  /** Told how indexing what another program stored gets on, by an `initializeSchema()` that is given no options of its own. */
  readonly onProgress?: ((progress: Progress) => void) | undefined
  readonly logger?: Logger | undefined

  /**
   * The primary: `libsql:`, `https:` or `wss:`; without encryption (`http:`, `ws:`) on this machine only, unless `allowInsecure`.
   * Without credentials.
   */
  readonly url?: string | undefined
  /** The same as `url`. */
  readonly syncUrl?: string | undefined
  /** What the primary asks for. Kept in memory alone. */
  readonly authToken?: TokenSource | undefined
  /** Default: `local` without a URL, `replica` with a URL and a path or token, `remote` with a URL alone. */
  readonly mode?: TursoMode | undefined
  /** Whether a primary on another machine may be reached without encryption. Default is false. */
  readonly allowInsecure?: boolean | undefined
  /** How long a request to the primary, or a sync, may go without an answer, in milliseconds. Default is 10,000. */
  readonly timeoutMs?: number | undefined
  /** How often work that can safely be repeated is tried again while the primary does not answer. Default is 3. */
  readonly maxRetries?: number | undefined
  /** Requests under way at once. Default is 10. */
  readonly maxInFlight?: number | undefined
  /** Unanswered requests in a row after which none is sent for `circuitResetMs`. Default is 5. */
  readonly circuitFailures?: number | undefined
  /** Milliseconds after which one request is let through to see whether the primary answers again. Default is 30,000. */
  readonly circuitResetMs?: number | undefined
  /** Replica mode: whether to sync on connect, after writes and on disconnect. Default is true. */
  readonly autoSync?: boolean | undefined
  /** Replica mode: seconds between syncs in the background; 0 is never. Default is 300. */
  readonly syncIntervalSeconds?: number | undefined
  /** The same as `syncIntervalSeconds`. */
  readonly syncInterval?: number | undefined
  /**
   * Replica mode: `read-your-writes` (default) resolves a write when reads of this process show it; `eventual` when the primary
   * has it, and reads show it after the next sync.
   */
  readonly consistency?: 'read-your-writes' | 'eventual' | undefined
}

/** How a primary is reached, complete. */
export type CompletePrimaryOptions = PrimaryOptions & {
  readonly autoSync: boolean
  readonly syncIntervalSeconds: number
  readonly consistency: 'read-your-writes' | 'eventual'
}

/** Checked options with every default filled in. */
export type CompleteTursoOptions = {
  readonly mode: TursoMode
  /** `null` in local mode. */
  readonly primary: CompletePrimaryOptions | null
  readonly path: string
  readonly encryptionKey: string | undefined
  readonly synchronous: 'full' | 'normal'
  readonly busyTimeoutMs: number
  readonly maxContentBytes: number | undefined
  readonly allowCycles: boolean
  readonly keepVersions: number | undefined
  readonly auditLog: AuditLogOption
  readonly trackUsage: boolean
  readonly synonyms: Synonyms | undefined
  readonly tenantId: string | undefined
  readonly embedder: Embedder | undefined
  readonly embedTimeoutMs: number | undefined
  readonly queryTimeoutMs: number | undefined
  readonly vectorStrategy: VectorStrategy
  readonly diskann: CompleteDiskAnnOptions
  readonly adopt: boolean
  readonly name: 'turso' | 'sqlite'
  readonly ignoredSettings: readonly string[]
  readonly logger: Logger | undefined
}

const DEFAULT_TIMEOUT_MS = 10_000
const DEFAULT_MAX_RETRIES = 3
const DEFAULT_MAX_IN_FLIGHT = 10
const DEFAULT_CIRCUIT_FAILURES = 5
const DEFAULT_CIRCUIT_RESET_MS = 30_000
const DEFAULT_SYNC_INTERVAL_SECONDS = 300

/** The longest that a timer can be set to. */
export const MAX_TIMER_SECONDS = 2_147_483

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
const isCount: Check = [
  (value) => Number.isSafeInteger(value) && (value as number) >= 0,
  'a whole number, 0 for none',
]
const isMilliseconds: Check = [
  (value) =>
    Number.isSafeInteger(value) && (value as number) > 0 && (value as number) <= MAX_TIMER_SECONDS * 1000,
  `a whole number of milliseconds above 0, up to ${MAX_TIMER_SECONDS * 1000}`,
]
const isFunction: Check = [(value) => typeof value === 'function', 'a function']
const isSeconds: Check = [
  (value) => Number.isFinite(value) && (value as number) >= 0 && (value as number) <= MAX_TIMER_SECONDS,
  'a number of seconds, 0 for never',
]
const isUrl: Check = [
  (value) => typeof value === 'string' && URL.canParse(value),
  'the URL of a primary, such as "libsql://example.com"',
]

const CHECKS: Readonly<Record<keyof TursoBackendOptions, Check>> = {
  path: isText,
  encryptionKey: isText,
  synchronous: [(value) => value === 'full' || value === 'normal', '"full" or "normal"'],
  busyTimeoutMs: isMilliseconds,
  maxContentBytes: isPositive,
  allowCycles: isFlag,
  keepVersions: isCount,
  auditLog: [isAuditLogOption, AUDIT_LOG_EXPECTED],
  trackUsage: isFlag,
  synonyms: [isSynonyms, SYNONYMS_EXPECTED],
  tenantId: isText,
  embedder: IS_EMBEDDER,
  embedTimeoutMs: isMilliseconds,
  queryTimeoutMs: isMilliseconds,
  vectorStrategy: [
    (value) => (VECTOR_STRATEGIES as readonly unknown[]).includes(value),
    `one of ${VECTOR_STRATEGIES.join(', ')}`,
  ],
  diskann: [isDiskAnnOptions, DISKANN_EXPECTED],
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
  url: isUrl,
  syncUrl: isUrl,
  authToken: [
    (value) => typeof value === 'function' || (typeof value === 'string' && /^[\x21-\x7e]+$/.test(value)),
    'a token, text without spaces that is not empty, or a function that gives one',
  ],
  mode: [
    (value) => (TURSO_MODES as readonly unknown[]).includes(value),
    `one of ${TURSO_MODES.join(', ')} (MEMORY_TURSO_MODE)`,
  ],
  allowInsecure: isFlag,
  timeoutMs: isMilliseconds,
  maxRetries: isCount,
  maxInFlight: isPositive,
  circuitFailures: isPositive,
  circuitResetMs: isMilliseconds,
  autoSync: isFlag,
  syncIntervalSeconds: isSeconds,
  syncInterval: isSeconds,
  consistency: [
    (value) => value === 'read-your-writes' || value === 'eventual',
    '"read-your-writes" or "eventual"',
  ],
}
/** Never repeated in errors, not even in part. */
const SECRET: ReadonlySet<string> = new Set(['encryptionKey', 'url', 'syncUrl', 'authToken'])

/**
 * Checks options and fills in defaults.
 *
 * @throws `MG_CONFIGURATION` an unknown key, or a value that does not fit (never repeated for the encryption key)
 */
export function completeOptions(options: TursoBackendOptions): CompleteTursoOptions {
  requireKnownOptions(options, Object.keys(CHECKS))
  const keys = Object.keys(options) as (keyof TursoBackendOptions)[]
  for (const key of keys) {
    const value = options[key]
    const [fits, expected] = CHECKS[key]
    if (value === undefined || fits(value)) continue
    const got = SECRET.has(key) ? '' : ` (got ${shown(value)})`
    throw new ConfigurationError(`Invalid option ${key}: must be ${expected}${got}`, {
      details: { option: key },
    })
  }
  refuseTwice(options, 'url', 'syncUrl')
  refuseTwice(options, 'syncIntervalSeconds', 'syncInterval')
  const mode = tursoModeOf(options)
  if (mode === 'replica' && options.path === MEMORY_PATH) {
    throw new ConfigurationError(
      'Invalid option path: a replica is a file: give its path, or use the mode "remote"',
    )
  }
  const primary = mode === 'local' ? null : completePrimary(options)
  const withoutEffect = keys.filter((key) => WITHOUT_EFFECT[mode].has(key) && options[key] !== undefined)
  return {
    mode,
    primary,
    path: mode === 'remote' ? '' : resolvePath(options.path ?? DEFAULT_DATABASE_PATH),
    encryptionKey: options.encryptionKey,
    synchronous: options.synchronous ?? 'full',
    busyTimeoutMs: options.busyTimeoutMs ?? DEFAULT_BUSY_TIMEOUT_MS,
    maxContentBytes: options.maxContentBytes,
    allowCycles: options.allowCycles ?? false,
    keepVersions: options.keepVersions,
    auditLog: options.auditLog ?? false,
    trackUsage: options.trackUsage ?? false,
    synonyms: options.synonyms,
    tenantId: options.tenantId,
    embedder: options.embedder,
    embedTimeoutMs: options.embedTimeoutMs,
    queryTimeoutMs: options.queryTimeoutMs,
    vectorStrategy: vectorStrategyOf(options, mode),
    diskann: completeDiskAnn(options.diskann),
    adopt: options.adopt ?? false,
    name: options.name ?? 'turso',
    ignoredSettings: [...(options.ignoredSettings ?? []), ...withoutEffect],
    logger: options.logger,
  }
}

/**
 * Refuses what is no object, and keys of it that are none of these.
 *
 * @throws `MG_CONFIGURATION`
 */
export function requireKnownOptions(options: object, known: readonly string[]): void {
  if (typeof options !== 'object' || options === null)
    throw new ConfigurationError('Invalid options: must be an object')
  const unknown = Object.keys(options).find((key) => !known.includes(key))
  if (unknown === undefined) return
  throw new ConfigurationError(`Unknown option "${unknown}": the options are ${known.join(', ')}`)
}

function refuseTwice(
  options: TursoBackendOptions,
  name: keyof TursoBackendOptions,
  alias: keyof TursoBackendOptions,
): void {
  if (options[name] === undefined || options[alias] === undefined || options[name] === options[alias]) return
  throw new ConfigurationError(
    `The options ${name} and ${alias} mean the same and differ: give one of them`,
    {
      details: { option: alias },
    },
  )
}

/** The mode that options ask for, said or implied. */
export function tursoModeOf(
  options: Pick<TursoBackendOptions, 'mode' | 'url' | 'syncUrl' | 'path' | 'authToken'>,
): TursoMode {
  const { mode, url = options.syncUrl, path, authToken } = options
  if (mode !== undefined && mode !== 'local' && url === undefined) {
    throw new ConfigurationError(
      `The mode "${mode}" (MEMORY_TURSO_MODE) needs the URL of a primary: set MEMORYGRAPH_TURSO_URL or the option "url"`,
    )
  }
  if (mode !== undefined) return mode
  if (url === undefined) return 'local'
  return path !== undefined || authToken !== undefined ? 'replica' : 'remote'
}

// A vector index of the engine costs a hundred megabytes of sync for each thousand vectors.
function vectorStrategyOf(options: TursoBackendOptions, mode: TursoMode): VectorStrategy {
  const { vectorStrategy = 'auto' } = options
  if (options.diskann !== undefined && vectorStrategy !== 'diskann')
    throw new ConfigurationError(
      'The option diskann is for the vectorStrategy "diskann": give that too, or leave it out',
      { details: { option: 'diskann' } },
    )
  const isForFiles = vectorStrategy === 'diskann' || (vectorStrategy === 'quantized' && mode === 'remote')
  if (mode === 'local' || !isForFiles) return vectorStrategy
  const fitting = mode === 'remote' ? '"auto" or "exact"' : '"auto", "exact" or "quantized"'
  throw new ConfigurationError(
    `The option vectorStrategy ${JSON.stringify(vectorStrategy)} does not work in the mode "${mode}": choose ${fitting}`,
    { details: { option: 'vectorStrategy' } },
  )
}

/** The options that say how a primary is reached. */
export const FOR_A_PRIMARY = [
  'url',
  'syncUrl',
  'authToken',
  'allowInsecure',
  'timeoutMs',
  'maxRetries',
  'maxInFlight',
  'circuitFailures',
  'circuitResetMs',
] as const
const FOR_A_REPLICA = ['autoSync', 'syncIntervalSeconds', 'syncInterval', 'consistency']
const FOR_A_FILE = ['path', 'encryptionKey', 'synchronous', 'busyTimeoutMs']
/** Options that mean nothing in a mode. */
const WITHOUT_EFFECT: Readonly<Record<TursoMode, ReadonlySet<string>>> = {
  local: new Set([...FOR_A_PRIMARY, ...FOR_A_REPLICA]),
  replica: new Set(['synchronous']),
  remote: new Set([...FOR_A_REPLICA, ...FOR_A_FILE]),
}

function completePrimary(options: TursoBackendOptions): CompletePrimaryOptions {
  const { url = options.syncUrl, authToken, syncIntervalSeconds = options.syncInterval } = options
  return {
    url: parsePrimaryUrl(url as string, options.allowInsecure ?? false),
    token:
      authToken === undefined
        ? undefined
        : typeof authToken === 'string'
          ? () => authToken
          : checked(authToken),
    timeoutMs: options.timeoutMs ?? DEFAULT_TIMEOUT_MS,
    maxRetries: options.maxRetries ?? DEFAULT_MAX_RETRIES,
    maxInFlight: options.maxInFlight ?? DEFAULT_MAX_IN_FLIGHT,
    circuitFailures: options.circuitFailures ?? DEFAULT_CIRCUIT_FAILURES,
    circuitResetMs: options.circuitResetMs ?? DEFAULT_CIRCUIT_RESET_MS,
    autoSync: options.autoSync ?? true,
    syncIntervalSeconds: syncIntervalSeconds ?? DEFAULT_SYNC_INTERVAL_SECONDS,
    consistency: options.consistency ?? 'read-your-writes',
  }
}

// What a caller's function gives is checked like what is given directly, and repeated as little.
function checked(source: () => string | Promise<string>): () => Promise<string> {
  return async () => {
    const token: unknown = await source()
    if (CHECKS.authToken[0](token) && typeof token === 'string') return token
    throw new ConfigurationError(
      'The function authToken gave no token: it must give text without spaces that is not empty',
    )
  }
}

function shown(value: unknown): string {
  return JSON.stringify(shownValue(value)) ?? 'undefined'
}

function resolvePath(path: string): string {
  if (path === MEMORY_PATH) return path
  if (/^(?:[a-z]{2,}:)/i.test(path)) {
    throw new ConfigurationError(
      `Invalid option path: ${JSON.stringify(path.split(':')[0])} is a URL, not a file: give a path`,
    )
  }
  return path === '~' || /^~[/\\]/.test(path) ? join(homedir(), path.slice(1)) : resolve(path)
}
