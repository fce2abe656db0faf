import { ValidationError } from '../errors.js'
import { encodeJson } from '../model/json-text.js'
import { type Memory, type MemoryInput, memorySchema } from '../model/memory.js'
import { CONTEXT_FIELDS } from '../model/memory-context.js'
import { encodeMemory, encodePatched } from '../model/memory-properties.js'
import { graphNodesSchema, MEMORY_LABEL } from '../model/node.js'
import { now, toTimestamp } from '../model/timestamp.js'
import { validate } from '../model/validation.js'
import { isRecord } from './record-value.js'

/** A checked memory of a document: what it says, with nothing filled in. */
export type ImportedMemory = {
  readonly id: string
  readonly fields: MemoryInput & { readonly id: string }
  /** Members that no memory has, by the name they are stored under. */
  readonly foreign: ReadonlyMap<string, unknown>
}

type Properties = { readonly [key: string]: unknown }

/** Worked out on reading, so that storing them would mean nothing. */
const COMPUTED_FIELDS = ['relationships', 'match_info', 'context_summary'] as const

/** The fields that are stored, but for the context. */
export const MEMORY_FIELDS: readonly (keyof Memory & keyof MemoryInput)[] = [
  'id',
  'type',
  'title',
  'content',
  'summary',
  'tags',
  'importance',
  'confidence',
  'effectiveness',
  'usage_count',
  'created_at',
  'updated_at',
  'last_accessed',
  'version',
  'updated_by',
]

const ENTRY_KEYS: ReadonlySet<string> = new Set([...MEMORY_FIELDS, ...COMPUTED_FIELDS, 'context'])
const CONTEXT_KEYS: ReadonlySet<string> = new Set(CONTEXT_FIELDS)
const STORED_KEYS: ReadonlySet<string> = new Set([
  ...MEMORY_FIELDS,
  ...CONTEXT_FIELDS.map((field) => `context_${field}`),
])

/** Checks one entry of a document's memories; a `ValidationError` says what is wrong with it. */
export function checkEntry(entry: unknown): ImportedMemory {
  if (!isRecord(entry)) throw new ValidationError('Invalid memory: must be an object')
  const foreign = new Map<string, unknown>()
  const known = split(entry, ENTRY_KEYS, '', foreign)
  const { context } = entry
  if (isRecord(context)) known['context'] = split(context, CONTEXT_KEYS, 'context_', foreign)
  for (const field of COMPUTED_FIELDS) delete known[field]
  const fields = validate(memorySchema, known, 'memory')
  const { id } = fields
  if (!id) throw new ValidationError('Invalid memory: id: must not be missing')
  if (foreign.size > 0) {
    const node = { id, label: MEMORY_LABEL, properties: Object.fromEntries(foreign) }
    validate(graphNodesSchema, [node], 'unknown fields of a memory')
  }
  return { id, fields: { ...fields, id }, foreign }
}

/** What is to be stored for a memory: the document's fields over those that are stored already. */
export function propertiesOf(memory: ImportedMemory, before: Properties | undefined): Properties {
  const { fields, foreign } = memory
  const createdAt = toTimestamp(fields.created_at) ?? toTimestamp(before?.['created_at'])
  const updatedAt = toTimestamp(fields.updated_at)
  const storedAt = createdAt ?? updatedAt ?? now()
  const text = before ? encodePatched(encodeJson(before), fields, storedAt) : encodeMemory(fields, storedAt)
  const updated_at = updatedAt ?? before?.['updated_at'] ?? storedAt
  return Object.fromEntries([...Object.entries({ ...JSON.parse(text), updated_at }), ...foreign])
}

/** Members of stored properties that are no field of a memory. */
export function foreignOf(properties: Properties): Record<string, unknown> {
  return Object.fromEntries(Object.entries(properties).filter(([key]) => !STORED_KEYS.has(key)))
}

/** The members a model knows; the others go to `foreign`, under the name they are stored by. */
function split(
  members: Properties,
  known: ReadonlySet<string>,
  prefix: string,
  foreign: Map<string, unknown>,
): Record<string, unknown> {
  for (const [key, value] of Object.entries(members)) {
    const stored = `${prefix}${key}`
    if (known.has(key)) continue
    if (STORED_KEYS.has(stored)) {
      throw new ValidationError(
        `Invalid memory: ${stored}: is a field of the context and belongs into "context"`,
      )
    }
    if (foreign.has(stored)) throw new ValidationError(`Invalid memory: ${stored}: is said twice`)
    foreign.set(stored, value)
  }
  return Object.fromEntries(Object.entries(members).filter(([key]) => known.has(key)))
}
