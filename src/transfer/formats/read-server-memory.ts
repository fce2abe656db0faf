import {
  type Entity,
  memoryOfEntity,
  type Relation,
  relationshipOfRelation,
} from '../../model/entity-memory.js'
import { isRecord } from '../record-value.js'
import type { RecordSource, TransferRecord } from '../transfer-record.js'
import { findJsonFault } from './json-fault.js'
import { readLines } from './read-lines.js'
import { sourceFault } from './source-fault.js'

/** An entity, and the members of its line that no entity has. */
type ReadEntity = Entity & { readonly others: Readonly<Record<string, unknown>> }

type Entry =
  | { readonly line: number; readonly entity: ReadEntity }
  | { readonly line: number; readonly relation: Relation }

/**
 * The entities and relations of a memory file of the Model Context Protocol's `server-memory`: one JSON object a line, in any order.
 * Entities become memories, relations become relationships. An entity that is there several times becomes one memory with what each
 * of them says. Blank lines are passed over. Places are lines: `line 12`.
 *
 * The file is read three times, so that besides one line no more than the names of the entities is in memory.
 *
 * `records()` throws `MG_VALIDATION` before it yields anything when the file cannot be read or a line of it is no entity and no
 * relation; `details.line` says which.
 */
export function readServerMemory(path: string): RecordSource {
  return { format: 'server-memory JSON Lines', records: () => readRecords(path) }
}

async function* readRecords(path: string): AsyncGenerator<TransferRecord, void, undefined> {
  const repeated = await findRepeatedNames(path)
  const merged = new Map<string, { readonly line: number; entity: ReadEntity }>()
  for await (const entry of readEntries(path)) {
    if (!('entity' in entry)) continue
    const { line, entity } = entry
    const before = merged.get(entity.name)
    if (before) before.entity = merge(before.entity, entity)
    else if (repeated.has(entity.name)) merged.set(entity.name, { line, entity })
    else yield memoryRecord(line, entity)
  }
  for (const { line, entity } of merged.values()) yield memoryRecord(line, entity)
  for await (const entry of readEntries(path)) {
    if (!('relation' in entry)) continue
    const value = relationshipOfRelation(entry.relation)
    yield { kind: 'relationship', value, place: `line ${entry.line}` }
  }
}

async function findRepeatedNames(path: string): Promise<ReadonlySet<string>> {
  const names = new Set<string>()
  const repeated = new Set<string>()
  for await (const entry of readEntries(path)) {
    if (!('entity' in entry)) continue
    if (names.has(entry.entity.name)) repeated.add(entry.entity.name)
    names.add(entry.entity.name)
  }
  return repeated
}

/** The first one decides what only one of them can say. */
function merge(first: ReadEntity, next: ReadEntity): ReadEntity {
  return {
    ...first,
    observations: [...new Set([...first.observations, ...next.observations])],
    others: { ...next.others, ...first.others },
  }
}

function memoryRecord(line: number, { others, ...entity }: ReadEntity): TransferRecord {
  const memory = memoryOfEntity(entity)
  const additional_metadata = { ...others, ...memory.context?.additional_metadata }
  const value = { ...memory, context: { ...memory.context, additional_metadata } }
  return { kind: 'memory', value, place: `line ${line}` }
}

async function* readEntries(path: string): AsyncGenerator<Entry, void, undefined> {
  for await (const { line, text } of readLines(path)) {
    if (text.trim() !== '') yield readEntry(path, line, text)
  }
}

function readEntry(path: string, line: number, text: string): Entry {
  const value = parseLine(path, line, text)
  const { type, ...members } = value
  if (type === 'entity') {
    const { name, entityType, observations, ...others } = members
    if (isText(name) && isText(entityType) && Array.isArray(observations) && observations.every(isText)) {
      return { line, entity: { name, entityType, observations, others } }
    }
    throw sourceFault(
      path,
      'an entity must have a "name", an "entityType" and a list "observations", all text',
      {
        line,
      },
    )
  }
  if (type !== 'relation') throw sourceFault(path, 'its "type" is neither "entity" nor "relation"', { line })
  const { from, to, relationType } = members
  if (isText(from) && isText(to) && isText(relationType))
    return { line, relation: { from, to, relationType } }
  throw sourceFault(path, 'a relation must have "from", "to" and "relationType", all text', { line })
}

function parseLine(path: string, line: number, text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text)
    if (isRecord(value)) return value
  } catch (cause) {
    const { column, fault } = findJsonFault(text)
    throw sourceFault(path, fault, { line, column }, cause)
  }
  throw sourceFault(path, 'must be a JSON object', { line })
}

function isText(value: unknown): value is string {
  return typeof value === 'string'
}
