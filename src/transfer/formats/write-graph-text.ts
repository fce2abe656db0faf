import type { Embedding } from '../../model/embedding.js'
import type { RecordSource, TransferRecord } from '../transfer-record.js'
import { encodeVector } from '../vector-text.js'
import { GRAPH_FORMAT, GRAPH_FORMAT_VERSION } from './graph-format.js'

/** How records are laid out: one JSON text a line, or as the lines of one JSON document. */
export type GraphLayout = 'jsonl' | 'json'

/** How many there were of each. */
export type GraphCounts = { nodes: number; relationships: number; embeddings: number }

/**
 * Writes records as text, one record a line: the same records give the same bytes. Ends with their counts, by which a reader knows
 * that nothing was cut off; `counts`, which begin at 0, follow what has been written.
 */
export async function* writeGraphText(
  source: RecordSource,
  layout: GraphLayout,
  counts: GraphCounts,
): AsyncGenerator<string, void, undefined> {
  const isLines = layout === 'jsonl'
  const head = `{"format":${JSON.stringify(GRAPH_FORMAT)},"version":${GRAPH_FORMAT_VERSION}`
  yield isLines ? `${head}}\n` : `${head},"records":[\n`
  let separator = ''
  for await (const record of source.records()) {
    counts[countedAs(record.kind)]++
    yield `${separator}${JSON.stringify({ kind: record.kind, ...writtenOf(record) })}`
    separator = isLines ? '\n' : ',\n'
  }
  const { nodes, relationships, embeddings } = counts
  const last = embeddings > 0 ? `,"embeddings":${embeddings}` : ''
  const end = `"nodes":${nodes},"relationships":${relationships}${last}}\n`
  yield `${separator === '' ? '' : '\n'}${isLines ? '{"kind":"end",' : '],'}${end}`
}

/** Under which name records of a kind are counted. */
export function countedAs(kind: TransferRecord['kind']): keyof GraphCounts {
  return kind === 'memory' ? 'nodes' : `${kind}s`
}

function writtenOf({ kind, value }: TransferRecord): object {
  if (kind !== 'embedding') return value as object
  const { id, model, vector, digest } = value as Embedding
  return { id, model, vector: encodeVector(vector), ...(digest !== null && { digest }) }
}
