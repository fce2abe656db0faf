import type { GraphBackend } from '../backends/graph-backend.js'
import { ValidationError } from '../errors.js'
import type { Relationship } from '../model/relationship.js'
import {
  checkExportOptions,
  EXPORT_FORMATS,
  type ExportFormat,
  type ExportOptions,
  exportGraph,
  followingExport,
} from './export-graph.js'
import type { GraphCounts } from './formats/write-graph-text.js'
import { writeMarkdownFolder } from './formats/write-markdown-folder.js'
import { targetAt, writeTextFile } from './write-text-file.js'

/** Options of {@link exportFile}. */
export type ExportFileOptions = Omit<ExportOptions, 'format'> & {
  /** As {@link exportGraph}, or `markdown`: a folder with a file for each memory. Default is `jsonl`. */
  readonly format?: ExportFormat | 'markdown' | undefined
  /** Whether a file that is there is replaced (a folder never is). Default is false. */
  readonly overwrite?: boolean | undefined
}

type CheckedOptions = Omit<ExportOptions, 'format'> & {
  readonly format: ExportFormat | 'markdown'
  readonly overwrite: boolean
}

/** What was written. */
export type ExportReport = { path: string; format: string } & GraphCounts

/**
 * Exports a graph into a file, or with the format `markdown` into a folder, which appears when all of it is written: an export that fails
 * leaves nothing.
 *
 * @throws `MG_CONFLICT` the file is there, and `overwrite` was not given, or it is a database or belongs to one, which is never replaced
 * @throws `MG_VALIDATION` the path or an option does not fit · `MG_STORAGE_FULL` · `MG_READ_ONLY` · `MG_ABORTED`
 */
export async function exportFile(
  backend: GraphBackend,
  path: string,
  options: ExportFileOptions = {},
): Promise<ExportReport> {
  const { overwrite, format, includeEmbeddings, ...following } = checkOptions(options)
  const target = await targetAt(path)
  const counts =
    format === 'markdown'
      ? await writeFolder(backend, target, following)
      : await writeTextFile(
          exportGraph(backend, { format, includeEmbeddings, ...following }),
          target,
          overwrite,
        )
  return { path: target, format, ...counts }
}

function checkOptions({ overwrite = false, ...options }: ExportFileOptions): CheckedOptions {
  if (typeof overwrite !== 'boolean')
    throw new ValidationError('Invalid export options: overwrite: must be true or false')
  return { ...checkExportOptions(options, [...EXPORT_FORMATS, 'markdown']), overwrite }
}

async function writeFolder(
  backend: GraphBackend,
  target: string,
  { onProgress, signal }: Pick<ExportOptions, 'onProgress' | 'signal'>,
): Promise<GraphCounts> {
  const counts: GraphCounts = { nodes: 0, relationships: 0, embeddings: 0 }
  const follow = followingExport(counts, { onProgress, signal })
  const relationshipsOf = async (id: string): Promise<Relationship[]> => {
    const outgoing: Relationship[] = []
    for await (const relationship of backend.listRelationships({ memoryIds: [id] }))
      if (relationship.from_memory_id === id) outgoing.push(relationship)
    counts.relationships += outgoing.length
    counts.nodes++
    follow()
    return outgoing
  }
  await writeMarkdownFolder(target, backend.listMemories(), relationshipsOf)
  return counts
}
