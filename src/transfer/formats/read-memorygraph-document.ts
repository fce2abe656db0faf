import { constants } from 'node:buffer'
import { readFile } from 'node:fs/promises'
import { decodeJson } from '../../model/json-text.js'
import { readExportDocument } from '../export-document.js'
import type { RecordSource, TransferRecord } from '../transfer-record.js'
import { decodeUtf8 } from './decode-utf8.js'
import { findJsonFault } from './json-fault.js'
import { sourceFault, unreadable } from './source-fault.js'

/**
 * The memories and relationships of a MemoryGraph JSON export, version 1 or 2. It is one document, so that all of it is in memory
 * while it is read. Places are positions in its lists, from 0: `memory 3`, `relationship 7`.
 *
 * `records()` throws `MG_VALIDATION` when the file cannot be read, is no JSON (`details.line` and `details.column` say where), or is
 * no such export.
 */
export function readMemorygraphDocument(path: string): RecordSource {
  return sourceOf(() => readDocument(path))
}

/** The same of an export that has been parsed. */
export function memorygraphDocument(document: unknown): RecordSource {
  return sourceOf(async () => document)
}

function sourceOf(read: () => Promise<unknown>): RecordSource {
  return { format: 'MemoryGraph JSON', records: () => recordsOf(read) }
}

async function* recordsOf(read: () => Promise<unknown>): AsyncGenerator<TransferRecord, void, undefined> {
  const { memories, relationships } = readExportDocument(await read())
  for (const [index, value] of memories.entries()) yield { kind: 'memory', value, place: `memory ${index}` }
  for (const [index, value] of relationships.entries()) {
    yield { kind: 'relationship', value, place: `relationship ${index}` }
  }
}

async function readDocument(path: string): Promise<unknown> {
  const text = await readText(path)
  try {
    return decodeJson(text)
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw unreadable(path, cause)
    const { fault, ...place } = findJsonFault(text)
    throw sourceFault(path, fault, place, cause)
  }
}

async function readText(path: string): Promise<string> {
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw unreadable(path, cause)
  })
  const most = constants.MAX_STRING_LENGTH
  if (bytes.length > most) {
    throw sourceFault(
      path,
      `has ${bytes.length} bytes, of which one JSON document may have no more than ${most}`,
    )
  }
  return decodeUtf8(bytes, path)
}
