import { stat } from 'node:fs/promises'
import { ValidationError } from '../errors.js'
import { isDatabaseHead, readHead } from './formats/file-head.js'
import { graphLayoutOf, readGraphText } from './formats/read-graph-text.js'
import { readMemorygraphDocument } from './formats/read-memorygraph-document.js'
import { readServerMemory } from './formats/read-server-memory.js'
import { sourceFault, unreadable } from './formats/source-fault.js'
import type { RecordSource } from './transfer-record.js'

/** Every line of it is an object that says what it is, first thing. */
const SERVER_MEMORY = /^\{\s*"type"\s*:\s*"(?:entity|relation)"/

/**
 * Recognises what a file or a folder is, by what it holds: an export of this library, one of MemoryGraph (version 1 or 2), a folder
 * of Markdown files with front matter, or the memory file of `@modelcontextprotocol/server-memory`.
 *
 * @throws `MG_VALIDATION` it is none of these, is a database, or cannot be read
 */
export async function openRecordSource(path: string): Promise<RecordSource> {
  const found = await stat(path).catch((cause: unknown) => {
    throw unreadable(path, cause)
  })
  if (found.isDirectory()) {
    const { readMarkdownFolder } = await import('./formats/read-markdown-folder.js') // with the parser of YAML
    return readMarkdownFolder(path)
  }
  const head = await readHead(path)
  if (isDatabaseHead(head)) {
    throw new ValidationError(
      `${JSON.stringify(path)} is a database: import what openDatabaseSource() reads of it`,
      { details: { path } },
    )
  }
  const [first = ''] = head.trimStart().split('\n', 1)
  if (first === '') throw sourceFault(path, 'it is empty')
  const layout = graphLayoutOf(first.trimEnd())
  if (layout !== null) return readGraphText(path, layout)
  if (SERVER_MEMORY.test(first)) return readServerMemory(path)
  return readMemorygraphDocument(path)
}
