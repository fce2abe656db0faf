import type { GraphBackend } from '../backends/graph-backend.js'
import { ConfigurationError } from '../errors.js'
import { shownValue } from '../shown-value.js'

/** Makes a backend from the options of its configuration. It may be connected already, but need not be. */
export type BackendLoader = (options: Readonly<Record<string, unknown>>) => Promise<GraphBackend>

/** The backends that are part of this version. */
export const BUILT_IN_BACKENDS = ['sqlite', 'turso', 'memory'] as const
/** MemoryGraph's other backends: their names are taken, the backends do not exist yet. */
const PLANNED_BACKENDS = ['neo4j', 'memgraph', 'falkordb', 'falkordblite', 'ladybugdb', 'cloud'] as const
/** What `MEMORY_BACKEND` may say besides the name of a backend. */
export const AUTO = 'auto'

const NAME = /^[a-z][a-z0-9_-]*$/
const RESERVED: ReadonlySet<string> = new Set([...BUILT_IN_BACKENDS, ...PLANNED_BACKENDS, AUTO])

const loaders = new Map<string, BackendLoader>()

/**
 * Makes a backend of a third party known under a name, for `MEMORY_BACKEND` and `createBackend({ backend: name, options })`.
 *
 * @throws `MG_CONFIGURATION` the name is no lower-case word, is one of MemoryGraph's own, or is registered already
 */
export function registerBackend(name: string, loader: BackendLoader): void {
  if (typeof name !== 'string' || !NAME.test(name)) {
    throw new ConfigurationError(
      `Invalid backend name ${JSON.stringify(shownValue(name))}: use lower-case letters, digits, "_" and "-", beginning with a letter`,
    )
  }
  if (RESERVED.has(name)) throw new ConfigurationError(`The backend name "${name}" is reserved: use another`)
  if (loaders.has(name)) {
    throw new ConfigurationError(`A backend named "${name}" is registered already: use another name`)
  }
  if (typeof loader !== 'function') {
    throw new ConfigurationError(`The loader of the backend "${name}" must be a function`)
  }
  loaders.set(name, loader)
}

/** The loader registered under a name, if there is one. */
export function registeredLoader(name: string): BackendLoader | undefined {
  return loaders.get(name)
}

/** Refuses a name that no backend has, and says which there are. `source` is where the name was read. */
export function unknownBackend(name: unknown, source: string): ConfigurationError {
  const valid = [...BUILT_IN_BACKENDS, ...loaders.keys(), AUTO].join(', ')
  const shown = shownValue(name)
  const isPlanned = (PLANNED_BACKENDS as readonly unknown[]).includes(name)
  const fault = isPlanned
    ? `The backend "${shown}" (${source}) is not available yet`
    : `Unknown backend ${JSON.stringify(shown)} (${source})`
  return new ConfigurationError(`${fault}: use one of ${valid}`, { details: { source, backend: shown } })
}
