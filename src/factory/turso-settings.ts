import {
  TURSO_MODES,
  type TursoBackendOptions,
  type TursoMode,
  tursoModeOf,
} from '../backends/turso/turso-options.js'
import {
  COUNT,
  type Environment,
  FLAG,
  type Format,
  oneOf,
  readVariable,
  SECONDS,
  SECONDS_AS_MS,
  setOnes,
  TEXT,
} from './read-variable.js'

/** Variables for the URL of the primary. */
export const TURSO_URL = ['MEMORYGRAPH_TURSO_URL', 'MEMORY_TURSO_URL', 'TURSO_DATABASE_URL'] as const
/** Variables for the file of the backend `turso`. */
export const TURSO_PATH = ['MEMORY_TURSO_PATH', 'LIBSQL_DATABASE_PATH'] as const
/** Variable for the key of a file, of whichever backend. */
export const ENCRYPTION_KEY = ['MEMORY_TURSO_ENCRYPTION_KEY'] as const

const TURSO_TOKEN = ['MEMORYGRAPH_TURSO_TOKEN', 'MEMORY_TURSO_AUTH_TOKEN', 'TURSO_AUTH_TOKEN'] as const
const CONSISTENCIES = ['read-your-writes', 'eventual'] as const

/** The options that variables can give. */
type TursoSettings = Pick<
  TursoBackendOptions,
  | 'url'
  | 'authToken'
  | 'allowInsecure'
  | 'timeoutMs'
  | 'maxInFlight'
  | 'autoSync'
  | 'syncIntervalSeconds'
  | 'consistency'
  | 'mode'
  | 'path'
  | 'encryptionKey'
>

type Setting<Value> = {
  /** The first that is set counts. */
  readonly variables: readonly string[]
  readonly format: Format<Value>
  /** Where it has an effect. */
  readonly modes: readonly TursoMode[]
}

const WITH_A_PRIMARY = ['replica', 'remote'] as const
const WITH_A_FILE = ['local', 'replica'] as const

const SETTINGS: { readonly [Key in keyof TursoSettings]-?: Setting<NonNullable<TursoSettings[Key]>> } = {
  url: { variables: TURSO_URL, format: TEXT, modes: WITH_A_PRIMARY },
  authToken: { variables: TURSO_TOKEN, format: TEXT, modes: WITH_A_PRIMARY },
  allowInsecure: { variables: ['MEMORY_TURSO_ALLOW_INSECURE'], format: FLAG, modes: WITH_A_PRIMARY },
  timeoutMs: { variables: ['TURSO_CONNECTION_TIMEOUT'], format: SECONDS_AS_MS, modes: WITH_A_PRIMARY },
  maxInFlight: { variables: ['TURSO_POOL_SIZE'], format: COUNT, modes: WITH_A_PRIMARY },
  autoSync: { variables: ['MEMORY_TURSO_AUTO_SYNC'], format: FLAG, modes: ['replica'] },
  syncIntervalSeconds: { variables: ['MEMORY_TURSO_SYNC_INTERVAL'], format: SECONDS, modes: ['replica'] },
  consistency: {
    variables: ['MEMORY_TURSO_CONSISTENCY'],
    format: oneOf(CONSISTENCIES),
    modes: ['replica'],
  },
  mode: { variables: ['MEMORY_TURSO_MODE'], format: oneOf(TURSO_MODES), modes: TURSO_MODES },
  path: { variables: TURSO_PATH, format: TEXT, modes: WITH_A_FILE },
  encryptionKey: { variables: ENCRYPTION_KEY, format: TEXT, modes: WITH_A_FILE },
}
const KEYS = Object.keys(SETTINGS) as (keyof TursoSettings)[]

const REPLICA_DEFAULTS: TursoSettings = { autoSync: true, syncIntervalSeconds: 300 }

/** The variables that mean something to the backend `turso` alone. */
export const TURSO_VARIABLES: readonly string[] = KEYS.filter((key) => key !== 'encryptionKey').flatMap(
  (key) => SETTINGS[key].variables,
)

/**
 * The options of the backend `turso` that variables give, and the variables that have no effect in its mode. Those are not given
 * as options too: the backend would name them once more.
 *
 * @throws `MG_CONFIGURATION` a variable, with an effect or not, has a value it cannot have · the mode needs a URL
 */
export function tursoSettings(env: Environment): {
  readonly options: TursoSettings
  readonly ignored: readonly string[]
} {
  const given = givenSettings(env)
  const mode = tursoModeOf(given)
  const hasEffect = (key: string): boolean => SETTINGS[key as keyof TursoSettings].modes.includes(mode)
  const effective = Object.fromEntries(Object.entries(given).filter(([key]) => hasEffect(key)))
  return {
    options: { ...(mode === 'replica' && REPLICA_DEFAULTS), ...effective },
    ignored: KEYS.filter((key) => !hasEffect(key)).flatMap((key) => setOnes(env, SETTINGS[key].variables)),
  }
}

function givenSettings(env: Environment): TursoSettings {
  const values = KEYS.map((key) => {
    const { variables, format }: Setting<unknown> = SETTINGS[key]
    return [key, readVariable(env, variables, format)] as const
  })
  return Object.fromEntries(values.filter(([, value]) => value !== undefined))
}
