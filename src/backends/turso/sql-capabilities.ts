import type { BackendCapabilities } from '../graph-backend.js'

/** What every driver over SQL can do; whether it follows a primary, and keeps what it is given, depends on where the data is. */
export function sqlCapabilities(
  where: Pick<BackendCapabilities, 'sync' | 'persistent'>,
): BackendCapabilities {
  return Object.freeze({
    fulltext: true,
    vector: true,
    transactions: true,
    ...where,
    history: true,
    graph: true,
    scopes: true,
    queryLanguage: 'sql',
  })
}
