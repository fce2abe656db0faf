import { encodeFloat, encodeJson } from '../../model/json-text.js'
import type { Memory } from '../../model/memory.js'
import { CONTEXT_FIELDS, type MemoryContext } from '../../model/memory-context.js'
import type { Relationship, RelationshipProperties } from '../../model/relationship.js'
import { now, type Timestamp } from '../../model/timestamp.js'

/** What a MemoryGraph JSON export holds. */
export type MemorygraphDocument = {
  readonly memories: AsyncIterable<Memory>
  readonly relationships: AsyncIterable<Relationship>
  /** The name of the backend that they come from. */
  readonly backendType: string
  /** Default is now. */
  readonly exportedAt?: Timestamp | undefined
}

/** JSON text of a member's value, to be indented by what it stands in. */
type Members = readonly (readonly [name: string, json: string])[]

/** The fields of a context that MemoryGraph exports, in its order. */
const EXPORTED_CONTEXT: readonly (keyof MemoryContext)[] = [
  'project_path',
  'files_involved',
  'languages',
  'frameworks',
  'technologies',
  'additional_metadata',
]
const CONTEXT_ORDER: readonly (keyof MemoryContext)[] = [
  ...EXPORTED_CONTEXT,
  ...CONTEXT_FIELDS.filter((field) => !EXPORTED_CONTEXT.includes(field)),
]

/**
 * A MemoryGraph JSON export (version 2) as pieces of text, one for each memory and relationship, in memory that does not grow with
 * them. It is laid out as Python writes it: the same members in the same order, two spaces of indent, ASCII alone, no newline at the
 * end. After Python's own members stand those that its exports lose (usage, versions, the rest of the context, the time of
 * relationships; their ids stand first, as in version 1); Python passes over them when it imports. `memory_count` and
 * `relationship_count` are the last members of the document, since they are known by then.
 */
export async function* writeMemorygraphDocument(
  document: MemorygraphDocument,
): AsyncGenerator<string, void, undefined> {
  const { memories, relationships, backendType, exportedAt = now() } = document
  const head: Members = [
    ['format_version', '"2.0"'],
    ['export_version', '"1.0"'],
    ['export_date', encodeJson(exportedAt)],
    ['backend_type', encodeJson(backendType)],
  ]
  yield `{\n${head.map(([name, json]) => `  "${name}": ${json},\n`).join('')}`
  const memoryCount = yield* writeList('memories', memories, encodeMemory)
  yield ',\n'
  const relationshipCount = yield* writeList('relationships', relationships, encodeRelationship)
  yield `,\n  "memory_count": ${memoryCount},\n  "relationship_count": ${relationshipCount}\n}`
}

async function* writeList<Entry>(
  name: string,
  entries: AsyncIterable<Entry>,
  encode: (entry: Entry) => string,
): AsyncGenerator<string, number, undefined> {
  yield `  "${name}": [`
  let count = 0
  for await (const entry of entries) {
    yield `${count === 0 ? '' : ','}\n    ${indent(indent(encode(entry)))}`
    count++
  }
  yield count === 0 ? ']' : '\n  ]'
  return count
}

function encodeMemory(memory: Memory): string {
  return encodeObject([
    ['id', encodeJson(memory.id)],
    ['type', encodeJson(memory.type)],
    ['title', encodeJson(memory.title)],
    ['content', encodeJson(memory.content)],
    ['summary', encodeJson(memory.summary)],
    ['tags', encodeValue(memory.tags)],
    ['importance', encodeFloat(memory.importance)],
    ['confidence', encodeFloat(memory.confidence)],
    ['created_at', encodeJson(memory.created_at)],
    ['updated_at', encodeJson(memory.updated_at)],
    ...(memory.context === null ? [] : [['context', encodeContext(memory.context)] as const]),
    ['effectiveness', encodeNullableFloat(memory.effectiveness)],
    ['usage_count', encodeJson(memory.usage_count)],
    ['last_accessed', encodeJson(memory.last_accessed)],
    ['version', encodeJson(memory.version)],
    ['updated_by', encodeJson(memory.updated_by)],
  ])
}

function encodeContext(context: MemoryContext): string {
  const known = CONTEXT_ORDER.filter((field) => context[field] !== null)
  return encodeObject(known.map((field) => [field, encodeValue(context[field])]))
}

function encodeRelationship(relationship: Relationship): string {
  return encodeObject([
    ['id', encodeJson(relationship.id)],
    ['from_memory_id', encodeJson(relationship.from_memory_id)],
    ['to_memory_id', encodeJson(relationship.to_memory_id)],
    ['type', encodeJson(relationship.type)],
    ['properties', encodeProperties(relationship.properties)],
  ])
}

function encodeProperties(properties: RelationshipProperties): string {
  const { strength, confidence, context, evidence_count, success_rate, ...others } = properties
  return encodeObject([
    ['strength', encodeFloat(strength)],
    ['confidence', encodeFloat(confidence)],
    ['context', encodeJson(context)],
    ['evidence_count', encodeJson(evidence_count)],
    ['success_rate', encodeNullableFloat(success_rate)],
    ...Object.entries(others).map(([name, value]) => [name, encodeJson(value)] as const),
  ])
}

function encodeNullableFloat(value: number | null): string {
  return value === null ? 'null' : encodeFloat(value)
}

function encodeValue(value: unknown): string {
  if (Array.isArray(value)) return enclose('[', value.map(encodeValue), ']')
  if (typeof value !== 'object' || value === null) return encodeJson(value)
  return encodeObject(Object.entries(value).map(([name, member]) => [name, encodeValue(member)]))
}

function encodeObject(members: Members): string {
  return enclose(
    '{',
    members.map(([name, json]) => `${encodeJson(name)}: ${json}`),
    '}',
  )
}

function enclose(open: string, parts: readonly string[], close: string): string {
  return parts.length === 0 ? `${open}${close}` : `${open}\n  ${parts.map(indent).join(',\n  ')}\n${close}`
}

// Newlines of JSON text are between its parts: those in strings are escaped.
function indent(json: string): string {
  return json.includes('\n') ? json.replaceAll('\n', '\n  ') : json
}
