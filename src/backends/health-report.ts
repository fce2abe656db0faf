import { type EmbeddingFindings, embeddingHealth } from './embedding/embedding-health.js'
import type { KeeperState } from './embedding/embedding-keeper.js'
import type { BackendCapabilities, HealthReport } from './graph-backend.js'
import type { DriverHealth, GraphDriver } from './graph-driver.js'

/** How an embedder fares, if there is one, and whether what it left may be counted now. */
export type EmbedderView = { readonly state: KeeperState | null; readonly mayRead: boolean }

/** The state of a backend; a fault while it is looked at becomes part of the report. */
export async function healthOf(
  driver: GraphDriver,
  settings: { readonly name: string; readonly type: string },
  capabilities: BackendCapabilities,
  connected: boolean,
  embedder: EmbedderView,
): Promise<HealthReport> {
  const started = performance.now()
  const found = connected ? await look(driver, embedder) : { health: null, embedding: null, error: null }
  const description = driver.describe()
  const sync = driver.replication?.status()
  const { health, error } = found
  const { embedding, warnings } = found.embedding ?? (await embeddingHealth(embedder.state, null))
  return {
    status: statusOf(connected, error, health),
    connected: connected && error === null,
    backend: settings.name,
    backend_type: settings.type,
    mode: description.mode,
    replica_mode: description.mode === 'embedded_replica',
    db_path: description.db_path,
    database_path: description.db_path,
    sync_enabled: capabilities.sync,
    sync_url: description.sync_url,
    auto_sync: description.auto_sync,
    sync_interval: description.sync_interval,
    last_sync_at: sync?.last_sync_at ?? null,
    last_sync_error: sync?.last_sync_error ?? null,
    frame_no: sync?.frame_no ?? null,
    pending_writes: sync?.pending_writes ?? 0,
    primary: description.primary ?? null,
    embedding,
    version: health?.version ?? null,
    schema_version: health?.schema_version ?? null,
    node_count: health?.node_count ?? null,
    relationship_count: health?.relationship_count ?? null,
    statistics: { memory_count: health?.memory_count ?? null },
    database_size_bytes: health?.database_size_bytes ?? null,
    latency_ms: Math.round((performance.now() - started) * 1000) / 1000,
    error,
    warnings: [...(description.warnings ?? []), ...(health?.warnings ?? []), ...warnings],
  }
}

function statusOf(
  connected: boolean,
  error: string | null,
  health: DriverHealth | null,
): HealthReport['status'] {
  if (!connected) return 'disconnected'
  if (error !== null) return 'error'
  return health?.degraded ? 'degraded' : 'healthy'
}

type Findings = {
  readonly health: DriverHealth | null
  readonly embedding: EmbeddingFindings | null
  readonly error: string | null
}

async function look(driver: GraphDriver, { state, mayRead }: EmbedderView): Promise<Findings> {
  try {
    const health = await driver.health()
    const embedding = await embeddingHealth(state, mayRead ? driver.reader : null)
    return { health, embedding, error: null }
  } catch (error) {
    return { health: null, embedding: null, error: error instanceof Error ? error.message : String(error) }
  }
}
