import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { compareText } from '../../model/text-order.js'
import type { RecordSource, TransferRecord } from '../transfer-record.js'
import { decodeUtf8 } from './decode-utf8.js'
import { type Note, readNote } from './read-note.js'
import { sourceFault, unreadable } from './source-fault.js'

/**
 * The memories and relationships of a folder of Markdown files, those in its folders among them, as `writeMarkdownFolder()` or
 * MemoryGraph wrote them; files in order of their names. The id is the one in the front matter, whatever the file is called. Names
 * that begin with a dot are passed over. Places are paths within the folder: `notes/a.md`.
 *
 * MemoryGraph's notes do not say in which direction a relationship goes. Those whose type needs one are read as `RELATED_TO`, their
 * type in `properties.context`.
 *
 * `records()` throws `MG_VALIDATION` when the folder cannot be read, when a file in it is no Markdown or has no front matter with an
 * id, and when two have the same id; the message names the file.
 */
export function readMarkdownFolder(folder: string): RecordSource {
  return { format: 'Markdown folder', records: () => readRecords(folder) }
}

async function* readRecords(folder: string): AsyncGenerator<TransferRecord, void, undefined> {
  const places = await listFiles(folder)
  const placeOf = new Map<string, string>()
  for (const place of places) {
    const { id, memory } = await openNote(folder, place)
    const other = placeOf.get(id)
    if (other !== undefined) {
      throw sourceFault(
        join(folder, place),
        `it has the same id as ${JSON.stringify(other)}: remove one of them`,
      )
    }
    placeOf.set(id, place)
    yield { kind: 'memory', value: memory, place }
  }
  const passed = new Set<string>()
  for (const place of places) {
    const { relationships, listed } = await openNote(folder, place)
    for (const value of relationships) yield { kind: 'relationship', value, place }
    for (const value of listed) {
      const key = JSON.stringify(value)
      if (!passed.has(key)) yield { kind: 'relationship', value, place }
      passed.add(key)
    }
  }
}

async function openNote(folder: string, place: string): Promise<Note> {
  const path = join(folder, place)
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw unreadable(path, cause)
  })
  return readNote(path, decodeUtf8(bytes, path))
}

/** Paths of the files within a folder, with `/` between their parts, in order. */
async function listFiles(folder: string, prefix = ''): Promise<readonly string[]> {
  const path = join(folder, prefix)
  const entries = await readdir(path, { withFileTypes: true }).catch((cause: unknown) => {
    throw unreadable(path, cause)
  })
  const files: string[] = []
  for (const entry of entries.sort((a, b) => compareText(a.name, b.name))) {
    const place = `${prefix}${entry.name}`
    if (entry.name.startsWith('.')) continue
    if (entry.isDirectory()) files.push(...(await listFiles(folder, `${place}/`)))
    else if (entry.isFile() && /\.md$/i.test(entry.name)) files.push(place)
    else throw sourceFault(join(folder, place), 'it is no Markdown file (*.md): move it elsewhere')
  }
  return files
}
