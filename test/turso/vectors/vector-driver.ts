import { onTestFinished } from 'vitest'
import type {
  EmbeddingRow,
  GraphDriver,
  VectorHitRow,
  VectorPage,
} from '../../../src/backends/graph-driver.js'
import { LocalDriver } from '../../../src/backends/turso/local/local-driver.js'
import { completeOptions, type TursoBackendOptions } from '../../../src/backends/turso/turso-options.js'
import { encodeMemory } from '../../../src/model/memory-properties.js'

const AT = '2026-01-01T00:00:00.000000+00:00'

/** A driver of a local file, connected, with its schema; it is closed when the test ends. */
export async function openDriver(options: TursoBackendOptions): Promise<LocalDriver> {
  const driver = new LocalDriver(completeOptions({ ...options, mode: 'local' }))
  await driver.connect()
  onTestFinished(() => driver.disconnect())
  await driver.initializeSchema({})
  return driver
}

/** Stores a memory for each id, of the type that it begins with up to a dash. */
export async function putMemories(driver: GraphDriver, ids: readonly string[]): Promise<void> {
  const rows = ids.map((id) => {
    const memory = { id, type: id.split('-')[0] ?? 'general', title: id, content: id }
    return { id, label: 'Memory', properties: encodeMemory(memory, AT) }
  })
  await driver.write((writer) => writer.putNodes(rows))
}

/** Embeddings of one model. */
export function embeddings(
  vectors: Readonly<Record<string, readonly number[] | Float32Array>>,
  model = 'm',
): EmbeddingRow[] {
  return Object.entries(vectors).map(([id, vector]) => ({
    id,
    model,
    vector: Float32Array.from(vector),
    version: null,
    digest: null,
  }))
}

/** What is asked for where a test says nothing else: ten of the memories, by the model `m`. */
export const NEAR: Omit<VectorPage, 'vector'> = {
  model: 'm',
  label: 'Memory',
  criteria: null,
  within: [],
  limit: 10,
  minScore: null,
  effort: 1,
  exact: false,
}

/** Looks among the memories for those nearest to a vector. */
export function findNear(
  driver: GraphDriver,
  vector: readonly number[] | Float32Array,
  page: Partial<VectorPage> = {},
): Promise<VectorHitRow[]> {
  return driver.reader.findByVector({ ...NEAR, vector: Float32Array.from(vector), ...page })
}

/** The ids of hits. */
export function idsOf(hits: readonly VectorHitRow[]): string[] {
  return hits.map(({ id }) => id)
}
