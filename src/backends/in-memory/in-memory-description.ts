import type { BackendCapabilities } from '../graph-backend.js'
import type { DriverDescription } from '../graph-driver.js'

/** What the driver can do. */
export const IN_MEMORY_CAPABILITIES: BackendCapabilities = Object.freeze({
  fulltext: true,
  vector: true,
  transactions: true,
  sync: false,
  persistent: false,
  history: true,
  graph: true,
  scopes: true,
  queryLanguage: 'none',
})

/** Its settings for the health report. */
export const IN_MEMORY_DESCRIPTION: DriverDescription = Object.freeze({
  mode: 'memory',
  db_path: null,
  sync_url: null,
  auto_sync: false,
  sync_interval: 0,
})
