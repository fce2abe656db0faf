import { ConfigurationError } from '../errors.js'
import { shownValue } from './shown-value.js'

/** Where the data can be. */
export const TURSO_MODES = ['local', 'replica', 'remote'] as const

/** Where the data is: in a local file, in a local copy of a primary, or in the primary alone. */
export type TursoMode = (typeof TURSO_MODES)[number]

/** What says where a primary is and how to follow it. */
export type PrimarySettings = {
  /** Of the primary. */
  readonly url?: string | undefined
  readonly authToken?: string | undefined
  /** Default: `local` without a URL, `replica` with a URL and a path or token, `remote` with a URL alone. */
  readonly mode?: TursoMode | undefined
  /** Whether to sync on connect, after writes and on disconnect. Default is true. */
  readonly autoSync?: boolean | undefined
  /** Seconds between syncs in the background; 0 is never. Default is 300. */
  readonly syncIntervalSeconds?: number | undefined
}

/** Variables for the URL of the primary; the first that is set counts. */
export const TURSO_URL = ['MEMORYGRAPH_TURSO_URL', 'MEMORY_TURSO_URL', 'TURSO_DATABASE_URL'] as const
/** Variables for its token; the first that is set counts. */
export const TURSO_TOKEN = ['MEMORYGRAPH_TURSO_TOKEN', 'MEMORY_TURSO_AUTH_TOKEN', 'TURSO_AUTH_TOKEN'] as const
/** Variable for whether to sync without being asked. */
export const AUTO_SYNC = 'MEMORY_TURSO_AUTO_SYNC'
/** Variable for the seconds between syncs. */
export const SYNC_INTERVAL = 'MEMORY_TURSO_SYNC_INTERVAL'

/** Settings that mean nothing without a primary, and the variables that they are read from. */
const VARIABLES = {
  url: TURSO_URL,
  authToken: TURSO_TOKEN,
  autoSync: [AUTO_SYNC],
  syncIntervalSeconds: [SYNC_INTERVAL],
} as const

type PrimarySetting = keyof typeof VARIABLES

/** The variables of all settings that mean nothing without a primary. */
export const PRIMARY_VARIABLES: readonly string[] = Object.values(VARIABLES).flat()

const CHECKS: Readonly<
  Record<PrimarySetting | 'mode', readonly [isFit: (value: unknown) => boolean, expected: string]>
> = {
  url: [
    (value) => typeof value === 'string' && URL.canParse(value),
    'the URL of a primary, such as "libsql://example.com"',
  ],
  authToken: [
    (value) => typeof value === 'string' && /^[\x21-\x7e]+$/.test(value),
    'a token, text without spaces that is not empty',
  ],
  mode: [
    (value) => (TURSO_MODES as readonly unknown[]).includes(value),
    `one of ${TURSO_MODES.join(', ')} (MEMORY_TURSO_MODE)`,
  ],
  autoSync: [(value) => typeof value === 'boolean', 'true or false'],
  syncIntervalSeconds: [
    (value) => Number.isFinite(value) && Number(value) >= 0,
    'a number of seconds, 0 for never',
  ],
}
/** Never repeated in errors, not even in part. */
const SECRET: ReadonlySet<string> = new Set(['url', 'authToken'])

/**
 * Checks what only the backend `turso` can be told, whether it has an effect or not.
 *
 * @throws `MG_CONFIGURATION` a value does not fit
 */
export function checkPrimarySettings(config: PrimarySettings): void {
  for (const [key, [isFit, expected]] of Object.entries(CHECKS)) {
    const value = config[key as keyof typeof CHECKS]
    if (value === undefined || isFit(value)) continue
    const got = SECRET.has(key) ? '' : ` (got ${JSON.stringify(shownValue(value))})`
    throw new ConfigurationError(`Invalid option ${key}: must be ${expected}${got}`, {
      details: { option: key },
    })
  }
}

/** The settings that mean nothing without a primary, those left out that `ignoredSettings` names as variables already. */
export function withoutEffectLocally(
  config: PrimarySettings & { readonly ignoredSettings?: readonly string[] | undefined },
): readonly string[] {
  const { ignoredSettings = [] } = config
  if (!Array.isArray(ignoredSettings)) return ignoredSettings // for the backend to refuse
  const given = (Object.keys(VARIABLES) as PrimarySetting[]).filter(
    (key) =>
      config[key] !== undefined && !VARIABLES[key].some((variable) => ignoredSettings.includes(variable)),
  )
  return [...ignoredSettings, ...given]
}
