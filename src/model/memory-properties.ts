import { isDeepStrictEqual } from 'node:util'
import { MemoryError } from '../errors.js'
import { decodeJson, encodeFloat, encodeJson, readMembers } from './json-text.js'
import {
  type CompleteMemoryPatch,
  DEFAULT_CONFIDENCE,
  DEFAULT_IMPORTANCE,
  type Memory,
  type MemoryInput,
  type MemoryPatch,
} from './memory.js'
import {
  CONTEXT_FIELDS,
  CONTEXT_LISTS,
  type MemoryContext,
  type MemoryContextInput,
} from './memory-context.js'
import { type Timestamp, toTimestamp } from './timestamp.js'
import type { Visibility } from './visibility.js'

/*
 * The flat JSON object that Python MemoryGraph keeps in nodes.properties: the memory's fields, then `context_<field>` for each
 * field of the context that is set. Members are held here as the JSON text of their values, so that what is only carried
 * along (fields of other programs, unchanged values) is written back to the letter.
 */

const MEMORY_KEYS = [
  'id',
  'type',
  'title',
  'content',
  'tags',
  'importance',
  'confidence',
  'usage_count',
  'created_at',
  'updated_at',
  'summary',
  'effectiveness',
  'last_accessed',
] as const
const CONTEXT_KEYS = CONTEXT_FIELDS.map((field) => `context_${field}`)
const KEY_ORDER: ReadonlyMap<string, number> = new Map(
  [...MEMORY_KEYS, ...CONTEXT_KEYS].map((key, at) => [key, at]),
)
/** Ours alone: Python has the field but does not store it. */
const UPDATED_BY = 'updated_by'

/** JSON text of each member of an object. */
export type Members = Map<string, string>

/** The properties of a new memory, as text. */
export function encodeMemory(memory: MemoryInput & { readonly id: string }, storedAt: Timestamp): string {
  return render(newMembers(memory, storedAt))
}

/** The properties after a memory is stored over an older one: its `created_at` and what is not ours stay. */
export function encodeReplacement(
  stored: string,
  memory: MemoryInput & { readonly id: string },
  storedAt: Timestamp,
): string {
  const members = newMembers(memory, storedAt)
  for (const [key, value] of membersOf(stored, memory.id)) {
    if (key === 'created_at' || !(KEY_ORDER.has(key) || key === UPDATED_BY)) members.set(key, value)
  }
  return render(members)
}

/** The properties after a patch: only what the patch names, and `updated_at`, is written anew. */
export function encodePatched(stored: string, patch: CompleteMemoryPatch, storedAt: Timestamp): string {
  const members = membersOf(stored, patch.id)
  for (const [key, encode] of Object.entries(FIELD_ENCODERS)) {
    const value = patch[key as keyof MemoryPatch]
    if (value !== undefined) assign(members, key, encode(value as never))
  }
  if (patch.context === null) for (const key of CONTEXT_KEYS) members.delete(key)
  else if (patch.context !== undefined) patchContext(members, patch.context, storedAt)
  members.set('updated_at', encodeJson(storedAt))
  return render(members)
}

/**
 * The properties after a memory was used so often, last at that time; `null` where they are no JSON object. Nothing else is written
 * anew or put elsewhere, so that it is no revision.
 */
export function encodeUsed(stored: string, uses: number, at: Timestamp): string | null {
  const members = readableMembers(stored)
  if (members.size === 0) return null
  const before = decodeMember(members, 'usage_count')
  members.set('usage_count', encodeJson((decodeNumber(before) ?? 0) + uses))
  if (at > (toTimestamp(decodeMember(members, 'last_accessed')) ?? ''))
    members.set('last_accessed', encodeJson(at))
  return joined([...members])
}

/** The properties of a memory after a patch of its context alone, which is no revision of the memory: `updated_at` stays. */
export function encodeWithContext(
  stored: string,
  id: string,
  patch: MemoryContextInput,
  storedAt: Timestamp,
): string {
  const members = membersOf(stored, id)
  patchContext(members, patch, storedAt)
  return render(members)
}

/** The memory that properties hold. Rejects with `MG_CORRUPT` when they are no JSON object. */
export function decodeMemory(id: string, properties: string, version = 1): Memory {
  const raw = decodeObject(id, properties)
  const createdAt = decodeTimestamp(raw['created_at']) ?? ''
  return {
    id,
    type: decodeText(raw['type']) ?? '',
    title: decodeText(raw['title']) ?? '',
    content: decodeText(raw['content']) ?? '',
    summary: decodeText(raw['summary']),
    tags: decodeList(raw['tags']).map((tag) => tag.trim().toLowerCase()),
    context: decodeContext(raw, createdAt),
    importance: decodeNumber(raw['importance']) ?? DEFAULT_IMPORTANCE,
    confidence: decodeNumber(raw['confidence']) ?? DEFAULT_CONFIDENCE,
    effectiveness: decodeNumber(raw['effectiveness']),
    usage_count: decodeNumber(raw['usage_count']) ?? 0,
    created_at: createdAt,
    updated_at: decodeTimestamp(raw['updated_at']) ?? createdAt,
    last_accessed: decodeTimestamp(raw['last_accessed']),
    version,
    updated_by: decodeText(raw[UPDATED_BY]),
    relationships: null,
    match_info: null,
    context_summary: null,
  }
}

/** The JSON object in a row's properties. Rejects with `MG_CORRUPT` when there is none. */
export function decodeObject(id: string, properties: string): Record<string, unknown> {
  try {
    const value = decodeJson(properties)
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return value as Record<string, unknown>
  } catch (cause) {
    throw corrupt(id, cause)
  }
  throw corrupt(id)
}

const TIME_KEYS = ['created_at', 'updated_at', 'last_accessed', 'context_timestamp']

/** Flat properties whose times are in the canonical form, in which they compare as text. */
export function withCanonicalTimes(properties: { readonly [key: string]: unknown }): {
  [key: string]: unknown
} {
  const times = TIME_KEYS.flatMap((key) => {
    const time = toTimestamp(properties[key])
    return time === null ? [] : [[key, time] as const]
  })
  return { ...properties, ...Object.fromEntries(times) }
}

function corrupt(id: string, cause?: unknown): MemoryError {
  return new MemoryError(
    `The stored properties of ${JSON.stringify(id)} are not a JSON object: repair or delete the row with a SQL client`,
    { code: 'MG_CORRUPT', details: { id }, cause },
  )
}

/** The members of a row's properties as text. Rejects with `MG_CORRUPT` when they are no JSON object. */
export function membersOf(stored: string, id: string): Members {
  try {
    return readMembers(stored)
  } catch (cause) {
    throw corrupt(id, cause)
  }
}

function newMembers(memory: MemoryInput & { readonly id: string }, storedAt: Timestamp): Members {
  const members: Members = new Map()
  members.set('id', encodeJson(memory.id))
  for (const [key, encode] of Object.entries(FIELD_ENCODERS)) {
    const value = memory[key as keyof MemoryInput]
    assign(members, key, encode((value ?? null) as never))
  }
  if (!members.has('created_at')) members.set('created_at', encodeJson(storedAt))
  members.set('updated_at', encodeJson(storedAt))
  if (memory.context) patchContext(members, memory.context, storedAt)
  return members
}

/** JSON text of each field; `null` clears, and what `null` becomes is the field's default. `undefined` leaves the member out. */
const FIELD_ENCODERS = {
  type: (value: string): string => encodeJson(value),
  title: (value: string): string => encodeJson(value),
  content: (value: string): string => encodeJson(value),
  tags: (value: readonly string[] | null): string => encodeJson(value ?? []),
  importance: (value: number | null): string => encodeFloat(value ?? DEFAULT_IMPORTANCE),
  confidence: (value: number | null): string => encodeFloat(value ?? DEFAULT_CONFIDENCE),
  usage_count: (value: number | null): string => encodeJson(value ?? 0),
  created_at: (value: string | null): string | undefined => (value === null ? undefined : encodeJson(value)),
  summary: (value: string | null): string | undefined => (value ? encodeJson(value) : undefined),
  effectiveness: (value: number | null): string | undefined =>
    value === null ? undefined : encodeFloat(value),
  last_accessed: (value: string | null): string | undefined =>
    value === null ? undefined : encodeJson(value),
  [UPDATED_BY]: (value: string | null): string | undefined =>
    value === null ? undefined : encodeJson(value),
}

function assign(members: Members, key: string, text: string | undefined): void {
  if (text !== undefined) members.set(key, text)
  else if (key !== 'created_at') members.delete(key)
}

const CONTEXT_DEFAULTS: Readonly<Record<string, unknown>> = {
  files_involved: [],
  languages: [],
  frameworks: [],
  technologies: [],
  additional_metadata: {},
  visibility: 'project',
}

/** Sets what the patch names; a context that was not there before gets Python's defaults for the rest. */
function patchContext(members: Members, patch: MemoryContextInput, storedAt: Timestamp): void {
  const isNew = !CONTEXT_KEYS.some((key) => members.has(key))
  for (const field of CONTEXT_FIELDS) {
    if (!isNew && patch[field] === undefined) continue
    const value = patch[field] ?? (field === 'timestamp' ? storedAt : CONTEXT_DEFAULTS[field])
    if (value === undefined) members.delete(`context_${field}`)
    else members.set(`context_${field}`, encodeContextValue(value))
  }
}

// Python keeps a list of scalars as a list, but an empty list and an object as JSON inside a string.
function encodeContextValue(value: unknown): string {
  const isScalarList = Array.isArray(value) && value.length > 0
  return typeof value === 'object' && value !== null && !isScalarList
    ? encodeJson(encodeJson(value))
    : encodeJson(value)
}

/**
 * Properties of a node that takes the place of a stored one. A member whose value is the same stays as the text it is stored
 * as, since numbers that JavaScript cannot hold read the same before and after.
 */
export function encodeKeepingUnchanged(
  stored: string,
  properties: { readonly [key: string]: unknown },
): string {
  const before = readableMembers(stored)
  const members = Object.entries(properties).map(([key, value]) => {
    const text = before.get(key)
    const isSame = text !== undefined && isDeepStrictEqual(decodeJson(text), value)
    return `${encodeJson(key)}: ${isSame ? text : encodeJson(value)}`
  })
  return `{${members.join(', ')}}`
}

function readableMembers(stored: string): Members {
  try {
    return readMembers(stored)
  } catch {
    return new Map() // broken properties have nothing to keep
  }
}

function render(members: Members): string {
  const known = [...members].filter(([key]) => KEY_ORDER.has(key))
  known.sort(([a], [b]) => (KEY_ORDER.get(a) ?? 0) - (KEY_ORDER.get(b) ?? 0))
  const others = [...members].filter(([key]) => !KEY_ORDER.has(key))
  return joined([...known, ...others])
}

function joined(members: readonly (readonly [key: string, value: string])[]): string {
  return `{${members.map(([key, value]) => `${encodeJson(key)}: ${value}`).join(', ')}}`
}

function decodeMember(members: Members, key: string): unknown {
  const text = members.get(key)
  return text === undefined ? undefined : decodeJson(text)
}

function decodeContext(raw: Record<string, unknown>, createdAt: Timestamp): MemoryContext | null {
  let found = false
  const context: Record<string, unknown> = {}
  for (const field of CONTEXT_FIELDS) {
    const value = raw[`context_${field}`]
    if (value !== undefined) found = true
    if (CONTEXT_LISTS.has(field)) context[field] = decodeList(value)
    else if (field === 'additional_metadata') context[field] = decodeMetadata(value)
    else if (field === 'timestamp') context[field] = decodeTimestamp(value) ?? createdAt
    else if (field === 'visibility') context[field] = (decodeText(value) ?? 'project') as Visibility
    else context[field] = decodeText(value)
  }
  return found ? (context as MemoryContext) : null
}

function decodeText(value: unknown): string | null {
  if (value === null || value === undefined) return null
  return typeof value === 'string' ? value : encodeJson(value)
}

function decodeNumber(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null
}

function decodeTimestamp(value: unknown): Timestamp | null {
  return toTimestamp(value) ?? decodeText(value)
}

/** A list, or a list as JSON inside a string, as Python writes both. Any other text is a list of one. */
function decodeList(value: unknown): string[] {
  const list = typeof value === 'string' ? (decodeNested(value) ?? [value]) : value
  return Array.isArray(list) ? list.map((item) => decodeText(item) ?? '') : []
}

function decodeMetadata(value: unknown): { [key: string]: unknown } {
  const object = typeof value === 'string' ? (decodeNested(value) ?? { value }) : value
  return typeof object === 'object' && object !== null && !Array.isArray(object) ? { ...object } : {}
}

/** What JSON inside a string holds, if it holds a list or an object. */
function decodeNested(value: string): object | null {
  if (!/^\s*[[{]/.test(value)) return null
  try {
    return decodeJson(value) as object
  } catch {
    return null // the text is not JSON after all: the caller keeps it as text
  }
}
