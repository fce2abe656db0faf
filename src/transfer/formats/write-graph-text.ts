import type { RecordSource } from '../transfer-record.js'
import { GRAPH_FORMAT, GRAPH_FORMAT_VERSION } from './graph-format.js'

/** How records are laid out: one JSON text a line, or as the lines of one JSON document. */
export type GraphLayout = 'jsonl' | 'json'

/** How many there were of each. */
export type GraphCounts = { nodes: number; relationships: number }

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
  for await (const { kind, value } of source.records()) {
    counts[kind === 'relationship' ? 'relationships' : 'nodes']++
    yield `${separator}${JSON.stringify({ kind, ...(value as object) })}`
    separator = isLines ? '\n' : ',\n'
  }
  const end = `"nodes":${counts.nodes},"relationships":${counts.relationships}}\n`
  yield `${separator === '' ? '' : '\n'}${isLines ? '{"kind":"end",' : '],'}${end}`
}
