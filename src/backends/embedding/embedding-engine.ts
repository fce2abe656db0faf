import type { Embedder } from '../../embedding/embedder.js'
import type { GraphDriver } from '../graph-driver.js'
import type { Logger } from '../logger.js'
import { EmbeddingPass } from './embedding-pass.js'
import { QueryVectors } from './query-vectors.js'

/** How long an embedder may take, in milliseconds, and who is told when it fails. */
export type EngineSettings = {
  readonly embedTimeoutMs?: number | undefined
  readonly queryTimeoutMs?: number | undefined
  readonly logger?: Logger | undefined
}

const DEFAULT_EMBED_TIMEOUT_MS = 30_000
const DEFAULT_QUERY_TIMEOUT_MS = 2_000

/** An embedder, and what it is used by. */
export class EmbeddingEngine {
  readonly embedder: Embedder
  readonly pass: EmbeddingPass
  readonly queries: QueryVectors

  constructor(store: GraphDriver, embedder: Embedder, settings: EngineSettings) {
    const { embedTimeoutMs = DEFAULT_EMBED_TIMEOUT_MS, queryTimeoutMs = DEFAULT_QUERY_TIMEOUT_MS } = settings
    this.embedder = embedder
    this.pass = new EmbeddingPass(store, embedder, embedTimeoutMs)
    this.queries = new QueryVectors(embedder, queryTimeoutMs, settings.logger)
  }

  get model(): string {
    return this.embedder.model
  }
}
