import type { GraphBackend, Progress } from '../backends/graph-backend.js'
import { breathe } from '../breathe.js'
import { MemoryError, ValidationError } from '../errors.js'
import { bulkOptionsSchema } from '../model/method-options.js'
import { validate } from '../model/validation.js'
import { type GraphCounts, writeGraphText } from './formats/write-graph-text.js'
import { writeMemorygraphDocument } from './formats/write-memorygraph-document.js'
import { graphSource } from './graph-source.js'
import { isRecord } from './record-value.js'

/**
 * How a graph is written as text.
 * - `jsonl`: this library's own format, one record a line, lossless
 * - `json`: the same as one JSON document
 * - `memorygraph`: the export of MemoryGraph (version 2.0), which it can import: memories without their earlier versions, and relationships
 */
export const EXPORT_FORMATS = ['jsonl', 'json', 'memorygraph'] as const

const CHUNK_CHARACTERS = 64 * 1024

/** One of {@link EXPORT_FORMATS}. */
export type ExportFormat = (typeof EXPORT_FORMATS)[number]

/** Options of {@link exportGraph}. */
export type ExportOptions = {
  /** Default is `jsonl`. */
  readonly format?: ExportFormat | undefined
  /** Whether the vectors of nodes are written too; `jsonl` and `json` can hold them. Default is false. */
  readonly includeEmbeddings?: boolean | undefined
  /** Called now and then, and at the end. An exception it throws ends the export. */
  readonly onProgress?: ((progress: Progress) => void) | undefined
  /** Ends the export with `MG_ABORTED`. */
  readonly signal?: AbortSignal | undefined
}

/**
 * Writes all that a graph holds as text, in chunks: nodes by id with their properties and earlier versions, then relationships by
 * id, also those that are not valid any more, then vectors, where they are asked for. The same graph gives the same bytes. Takes little memory, however large the graph. What is
 * written meanwhile may or may not be in it. Rows whose properties are no JSON object are left out, as they are from every list.
 *
 * @throws `MG_VALIDATION` an option is unknown or does not fit · `MG_ABORTED` the signal fired
 */
export async function* exportGraph(
  backend: GraphBackend,
  options: ExportOptions = {},
): AsyncGenerator<string, GraphCounts, undefined> {
  const { format, includeEmbeddings, ...following } = checkExportOptions(options, EXPORT_FORMATS)
  const counts: GraphCounts = { nodes: 0, relationships: 0, embeddings: 0 }
  const follow = followingExport(counts, following)
  const pieces =
    format === 'memorygraph'
      ? documentOf(backend, counts)
      : writeGraphText(graphSource(backend, { includeEmbeddings }), format, counts)
  for await (const chunk of inChunks(pieces)) {
    yield chunk
    follow()
    await breathe()
  }
  follow()
  return counts
}

type Following = Pick<ExportOptions, 'onProgress' | 'signal'>

/** Checks options; unknown ones are refused. */
export function checkExportOptions<Format extends string>(
  options: Following & Pick<ExportOptions, 'includeEmbeddings'> & { readonly format?: Format | undefined },
  formats: readonly (Format | 'jsonl')[],
): Following & { readonly format: Format | 'jsonl'; readonly includeEmbeddings: boolean } {
  if (!isRecord(options)) throw new ValidationError('Invalid export options: must be an object')
  const { format = 'jsonl', includeEmbeddings = false, ...following } = options
  if (!formats.includes(format)) {
    throw new ValidationError(
      `Invalid format: must be one of ${formats.join(', ')} (got ${JSON.stringify(format)})`,
    )
  }
  if (typeof includeEmbeddings !== 'boolean')
    throw new ValidationError('Invalid export options: includeEmbeddings: must be true or false')
  if (includeEmbeddings && format !== 'jsonl' && format !== 'json')
    throw new ValidationError(
      `The format ${format} cannot hold embeddings: use jsonl or json, or leave them out`,
    )
  return { ...validate(bulkOptionsSchema, following, 'export options'), format, includeEmbeddings }
}

/** What tells the caller how far an export is, and stops it when the caller wants that. */
export function followingExport(counts: GraphCounts, { onProgress, signal }: Following): () => void {
  return () => {
    const done = counts.nodes + counts.relationships + counts.embeddings
    onProgress?.({ done, total: null, phase: 'exporting' })
    if (signal?.aborted)
      throw new MemoryError('The export was stopped', { code: 'MG_ABORTED', cause: signal.reason })
  }
}

function documentOf(backend: GraphBackend, counts: GraphCounts): AsyncGenerator<string, void, undefined> {
  return writeMemorygraphDocument({
    memories: counting(backend.listMemories(), () => counts.nodes++),
    relationships: counting(backend.listRelationships(), () => counts.relationships++),
    backendType: backend.backendName(),
  })
}

async function* counting<Entry>(
  entries: AsyncIterable<Entry>,
  count: () => void,
): AsyncGenerator<Entry, void, undefined> {
  for await (const entry of entries) {
    count()
    yield entry
  }
}

/** Pieces of text joined to chunks of some 64 KiB, since each costs its receiver something. */
async function* inChunks(pieces: AsyncIterable<string>): AsyncGenerator<string, void, undefined> {
  let chunk = ''
  for await (const piece of pieces) {
    chunk += piece
    if (chunk.length < CHUNK_CHARACTERS) continue
    yield chunk
    chunk = ''
  }
  if (chunk !== '') yield chunk
}
