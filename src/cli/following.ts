import type { GraphBackend, HealthReport, SyncStatus } from '../backends/graph-backend.js'

/** Where following a primary stands, for people and scripts. */
export type Following = SyncStatus & {
  readonly mode: HealthReport['mode']
  /** Without credentials; `null` without a primary. */
  readonly primary_url: string | null
  /** Milliseconds since the last sync: what the primary was given since then may not be here. */
  readonly lag_ms: number | null
}

/** Where following a primary stands for a backend that was just looked at. */
export function followingOf(backend: GraphBackend, report: HealthReport, now: number): Following {
  const status = backend.syncStatus()
  return {
    mode: report.mode,
    primary_url: report.sync_url,
    ...status,
    online: status.online ?? report.primary?.online ?? null,
    lag_ms: status.last_sync_at === null ? null : Math.max(0, now - Date.parse(status.last_sync_at)),
  }
}
