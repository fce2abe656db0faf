import type { Memory } from '../../model/memory.js'
import { CONTEXT_FIELDS, type MemoryContext } from '../../model/memory-context.js'
import type { Relationship } from '../../model/relationship.js'
import { MEMORY_FIELDS } from '../imported-memory.js'

/** The front matter's `format` of the notes that are written here: their content is all that follows, as it is. */
export const NOTE_FORMAT = 'memorygraph-turso/1'

const FIELDS = MEMORY_FIELDS.filter((field) => field !== 'content')

/** What some readers of YAML take for a newline, or refuse. */
const NOT_PRINTABLE = /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g

/**
 * A memory and the relationships that go out from it as a Markdown file: all of its fields in the front matter, each value as JSON,
 * which is YAML too, and its content after an empty line.
 */
export function encodeNote(memory: Memory, relationships: readonly Relationship[]): string {
  const { content } = memory
  // Half of a surrogate pair, which other programs may have stored, has no place in a text file.
  const isText = content.isWellFormed()
  const head = [
    `format: ${encode(NOTE_FORMAT)}`,
    ...FIELDS.map((field) => `${field}: ${encode(memory[field])}`),
    ...(isText ? [] : [`content: ${encode(content)}`]),
    encodeContext(memory.context),
    encodeRelationships(relationships.filter(({ from_memory_id }) => from_memory_id === memory.id)),
  ]
  return `---\n${head.join('\n')}\n---\n\n${isText ? content : ''}\n`
}

/** The front matter of a note that nobody has edited since; `null` when it has to be read as YAML, which takes much longer. */
export function readOwnFrontMatter(head: string): Record<string, unknown> | null {
  const said = new Map<string, unknown>()
  for (const field of head.trimEnd().split(/\n(?! )/)) {
    const [, name, json] = /^([a-z_]+): (.*)$/s.exec(field) ?? []
    if (name === undefined || json === undefined || said.has(name)) return null
    try {
      said.set(name, JSON.parse(json))
    } catch {
      return null // YAML may take what JSON does not
    }
  }
  return said.get('format') === NOTE_FORMAT ? Object.fromEntries(said) : null
}

function encodeContext(context: MemoryContext | null): string {
  if (context === null) return 'context: null'
  return `context: {${indented(CONTEXT_FIELDS.map((field) => `"${field}": ${encode(context[field])}`))}}`
}

function encodeRelationships(relationships: readonly Relationship[]): string {
  return `relationships: [${indented(
    relationships.map(({ id, type, to_memory_id, properties }) =>
      encode({ id, type, to_memory_id, properties }),
    ),
  )}]`
}

// YAML wants all of it further to the right than the name it belongs to.
function indented(parts: readonly string[]): string {
  return parts.length === 0 ? '' : `\n    ${parts.join(',\n    ')}\n  `
}

function encode(value: unknown): string {
  return JSON.stringify(value).replace(
    NOT_PRINTABLE,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
