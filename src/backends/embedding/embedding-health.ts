import type { EmbeddingHealth } from '../graph-backend.js'
import type { GraphReader } from '../graph-driver.js'
import type { KeeperState } from './embedding-keeper.js'

/** What is found of an embedder. */
export type EmbeddingFindings = {
  readonly embedding: EmbeddingHealth | null
  readonly warnings: readonly string[]
}

/** What a health report says of an embedder, if there is one, and of what a reader sees; without a reader nothing is counted. */
export async function embeddingHealth(
  state: KeeperState | null,
  reader: GraphReader | null,
): Promise<EmbeddingFindings> {
  if (!state) return { embedding: null, warnings: [] }
  const { embedder, embedded, failed, lastError: last_error } = state
  const { model, dimensions } = embedder
  const recall_model = reader && (await reader.getRecallModel())
  const pending = reader && (await reader.countUnembedded(model, []))
  const embedding = { model, dimensions, recall_model, pending, embedded, failed, last_error }
  return { embedding, warnings: [...backlogWarning(embedding), ...modelWarning(embedding)] }
}

/** The same for a view, which is not told how others' memories fared: a reason may repeat their texts. */
export function stateOfView(state: KeeperState | null): KeeperState | null {
  if (!state) return null
  const lastError = state.lastError === null ? null : 'the embedder failed'
  return { embedder: state.embedder, embedded: 0, failed: 0, lastError }
}

function backlogWarning({ pending, last_error }: EmbeddingHealth): string[] {
  return pending && last_error !== null ? [`${pending} memories wait for vectors: ${last_error}`] : []
}

function modelWarning({ model, recall_model }: EmbeddingHealth): string[] {
  if (recall_model === null || recall_model === model) return []
  return [
    `Recalls use the vectors of "${recall_model}", and the embedder makes those of "${model}": run reembed()`,
  ]
}
