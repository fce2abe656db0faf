import { IS_EMBEDDER, IS_MILLISECONDS } from '../../embedding/check-options.js'
import type { Embedder } from '../../embedding/embedder.js'
import { ConfigurationError } from '../../errors.js'
import { isSynonyms, SYNONYMS_EXPECTED, type Synonyms } from '../../search/synonyms.js'
import { AUDIT_LOG_EXPECTED, type AuditLogOption, isAuditLogOption } from '../audit-actor.js'
import { type BackendSettings, DriverBackend } from '../driver-backend.js'
import { LazyDriver } from '../lazy-driver.js'
import { IN_MEMORY_CAPABILITIES, IN_MEMORY_DESCRIPTION } from './in-memory-description.js'
import type { InMemoryDriver } from './in-memory-driver.js'

/** Options of {@link InMemoryBackend}. */
export type InMemoryBackendOptions = {
  /** Largest content of a memory, in bytes of UTF-8. Default is 1 MiB. */
  readonly maxContentBytes?: number | undefined
  /** Whether a memory may be joined to itself. Default is false. */
  readonly allowCycles?: boolean | undefined
  /** Earlier versions of each memory that are kept; 0 is none. Default is 20. */
  readonly keepVersions?: number | undefined
  /** Whether an audit log is kept, and of whom it speaks: the user of the operating system, or `actor`. Default is false. */
  readonly auditLog?: AuditLogOption | undefined
  /** Whether `usage_count` and `last_accessed` of memories tell how often they are returned, and when last. Default is false. */
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
}

/** What each option must be, for those that are given. */
const OPTION_CHECKS: Readonly<
  Record<keyof InMemoryBackendOptions, readonly [(value: unknown) => boolean, string]>
> = {
  maxContentBytes: [
    (value) => Number.isSafeInteger(value) && Number(value) > 0,
    'a whole number of bytes from 1',
  ],
  allowCycles: [(value) => typeof value === 'boolean', 'true or false'],
  keepVersions: [(value) => Number.isSafeInteger(value) && Number(value) >= 0, 'a whole number, 0 for none'],
  auditLog: [isAuditLogOption, AUDIT_LOG_EXPECTED],
  trackUsage: [(value) => typeof value === 'boolean', 'true or false'],
  synonyms: [isSynonyms, SYNONYMS_EXPECTED],
  tenantId: [(value) => typeof value === 'string' && value !== '', 'text that is not empty'],
  embedder: IS_EMBEDDER,
  embedTimeoutMs: IS_MILLISECONDS,
  queryTimeoutMs: IS_MILLISECONDS,
}

/**
 * A backend that keeps everything in this process and forgets it on `disconnect()`: for tests, and for what need not outlive
 * the process. It behaves as the other backends do.
 */
export class InMemoryBackend extends DriverBackend {
  /** @throws `MG_CONFIGURATION` an option is unknown or has a value that does not fit */
  constructor(options: InMemoryBackendOptions = {}) {
    const settings = settingsOf(options)
    super(driverOf(options.keepVersions), settings)
  }

  /** A backend that is connected and ready. */
  static async create(options: InMemoryBackendOptions = {}): Promise<InMemoryBackend> {
    const backend = new InMemoryBackend(options)
    await backend.connect()
    await backend.initializeSchema()
    return backend
  }
}

/** The driver, which is loaded with graphology and minisearch when it connects. */
function driverOf(keptVersions: number | undefined): LazyDriver<InMemoryDriver> {
  return new LazyDriver({
    capabilities: IN_MEMORY_CAPABILITIES,
    description: IN_MEMORY_DESCRIPTION,
    load: async () => {
      const { InMemoryDriver } = await import('./in-memory-driver.js')
      return new InMemoryDriver(keptVersions)
    },
  })
}

function settingsOf(options: InMemoryBackendOptions): BackendSettings {
  for (const [key, value] of Object.entries(options)) {
    if (!Object.hasOwn(OPTION_CHECKS, key)) throw unknownOption(key)
    const [isFit, wanted] = OPTION_CHECKS[key as keyof InMemoryBackendOptions]
    if (value === undefined || isFit(value)) continue
    throw new ConfigurationError(`Invalid option ${key} of InMemoryBackend: must be ${wanted}`, {
      details: { option: key },
    })
  }
  const { keepVersions: _ofTheDriver, tenantId, ...settings } = options
  const scope = tenantId === undefined ? undefined : { tenantId }
  return { ...settings, scope, name: 'memory', type: 'memory' }
}

function unknownOption(key: string): ConfigurationError {
  const known = Object.keys(OPTION_CHECKS).join(', ')
  return new ConfigurationError(
    `Unknown option ${JSON.stringify(key)} of InMemoryBackend: it takes ${known}`,
    {
      details: { option: key },
    },
  )
}
