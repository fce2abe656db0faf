import { v5 as uuidV5 } from 'uuid'
import { parse, YAMLError } from 'yaml'
import { isSymmetricType } from '../../model/relationship-type.js'
import { isRecord } from '../record-value.js'
import { NOTE_FORMAT, readOwnFrontMatter } from './markdown-note.js'
import { type ListedRelationship, readPythonFrontMatter, readSections } from './memorygraph-note.js'
import { sourceFault } from './source-fault.js'

/** A Markdown file of a memory, still to be checked: its fields, and what joins it to others. */
export type Note = {
  readonly id: string
  readonly memory: Readonly<Record<string, unknown>>
  readonly relationships: readonly unknown[]
  /** Those that MemoryGraph lists, once in the notes of each of their ends, where they read the same. */
  readonly listed: readonly unknown[]
}

/** Under which ids are made for relationships that are listed without one. Never changes, so that reading again finds them. */
const NAMESPACE = '7b1f9a64-30de-4c0b-9d55-e2c46b8f1a07'
const FENCE = /(?<![^\n])---[ \t]*(?![^\n])/
const FORMAT_NAME = NOTE_FORMAT.slice(0, NOTE_FORMAT.indexOf('/') + 1)

/**
 * Reads a Markdown file as `writeMarkdownFolder()` or MemoryGraph wrote it, or a person who put an `id` into the front matter.
 *
 * @throws `MG_VALIDATION` it has no front matter that can be read, or no id there; the message and `details` say where
 */
export function readNote(path: string, text: string): Note {
  const { head, body } = split(path, text)
  const said = readOwnFrontMatter(head) ?? readPythonFrontMatter(head) ?? parseYaml(path, head)
  const { format, relationships = [], ...fields } = said
  const { id } = fields
  if (typeof id !== 'string' || id === '') {
    throw sourceFault(path, 'its front matter has no "id" that is text: give it one, in quotes')
  }
  if (!Array.isArray(relationships) || !relationships.every(isRecord)) {
    throw sourceFault(path, '"relationships" in its front matter must be a list of mappings')
  }
  const isOurs = typeof format === 'string' && format.startsWith(FORMAT_NAME)
  if (isOurs && format !== NOTE_FORMAT) {
    throw sourceFault(path, `its format ${JSON.stringify(format)} is not ${NOTE_FORMAT}: update this library`)
  }
  const named = { id, ...fields, ...(format !== undefined && !isOurs && { format }) }
  const sections = isOurs ? null : readSections(body)
  const { listed, ...content } = sections ?? { content: withoutFrame(body), listed: [] }
  if ('content' in fields && content.content !== '') {
    throw sourceFault(path, 'it has content both in its front matter and below: leave one of them')
  }
  return {
    id,
    memory: { ...content, ...(sections ? withContext(named) : named) },
    relationships: relationships.map((relationship) => ({ ...relationship, from_memory_id: id })),
    listed: listed.map((relationship) => between(id, relationship)),
  }
}

function split(path: string, text: string): { readonly head: string; readonly body: string } {
  // Where the first line ends so, all were made to end so after they were written.
  const lines = text.startsWith('---\r\n') ? text.replaceAll('\r\n', '\n') : text
  const start = FENCE.exec(lines)
  const head = start?.index === 0 ? lines.slice(start[0].length + 1) : ''
  const end = FENCE.exec(head)
  if (!end)
    throw sourceFault(path, 'it has no front matter: no "---" on its first line, or none that ends it', {
      line: 1,
    })
  return { head: head.slice(0, end.index), body: head.slice(end.index + end[0].length + 1) }
}

function parseYaml(path: string, head: string): Record<string, unknown> {
  try {
    const value: unknown = parse(head, { prettyErrors: false, logLevel: 'error' })
    if (isRecord(value)) return value
  } catch (cause) {
    const isFault = cause instanceof YAMLError
    const line = isFault ? head.slice(0, cause.pos[0]).split('\n').length + 1 : 1
    throw sourceFault(path, `its front matter is no YAML: ${(cause as Error).message}`, { line }, cause)
  }
  throw sourceFault(path, 'its front matter is no mapping of names to values', { line: 1 })
}

/** The content stands between an empty line and the newline at the end of the file. */
function withoutFrame(body: string): string {
  return body.replace(/^\n/, '').replace(/\n$/, '')
}

/** What MemoryGraph writes of a memory's context stands among its fields. */
function withContext(named: Record<string, unknown>): Record<string, unknown> {
  const { project, languages, technologies, ...fields } = named
  const said = Object.entries({ project_path: project, languages, technologies })
  const context = Object.fromEntries(said.filter(([, value]) => value !== undefined))
  return Object.keys(context).length > 0 ? { context, ...fields } : fields
}

/**
 * MemoryGraph lists a relationship in the notes of both memories, and in both as if it went out from there. Where its type holds in
 * both directions that is all there is to know; of another one, only that the two are related is certain.
 */
function between(id: string, listed: ListedRelationship): Record<string, unknown> {
  const [from_memory_id, to_memory_id] = [id, listed.id].sort()
  const ends = { from_memory_id, to_memory_id }
  const { type } = listed
  if (isSymmetricType(type)) return { ...ends, type }
  return {
    id: uuidV5(JSON.stringify([from_memory_id, to_memory_id, type]), NAMESPACE),
    ...ends,
    type: 'RELATED_TO',
    properties: { context: `${type} (the export does not say which of the two it goes out from)` },
  }
}
