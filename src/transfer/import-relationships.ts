import { v5 as uuidV5 } from 'uuid'
import type { GraphBackend } from '../backends/graph-backend.js'
import { RelationshipError, ValidationError } from '../errors.js'
import { type RelationshipInput, relationshipSchema } from '../model/relationship.js'
import { validate } from '../model/validation.js'
import { isRecord } from './export-document.js'
import { checkEach, type Entry, inBatches, reasonOf, writeTogether } from './import-batches.js'
import type { StoredMemories } from './import-memories.js'
import type { ImportRun } from './import-report.js'
import { invalidatorsFirst } from './invalidators-first.js'

/** Under which ids are made for relationships that have none. Never changes, so that importing again finds them. */
const NAMESPACE = '5f0b3e52-5a0c-4b8e-9d5b-3a6f1c7e2d40'

const ENTRY_KEYS: ReadonlySet<string> = new Set([
  'id',
  'from_memory_id',
  'to_memory_id',
  'type',
  'properties',
])
/** Worked out from the type on reading. */
const COMPUTED_KEYS: ReadonlySet<string> = new Set(['description', 'bidirectional'])

type RelationshipEntry = Entry<RelationshipInput>

/** What is known of the store while relationships are imported. */
type Stored = {
  readonly memories: StoredMemories
  /** Whether there is a node with this id, of those looked up. */
  readonly nodes: Map<string, boolean>
  /** Memories whose outgoing relationships are in `links`. */
  readonly listed: Set<string>
  /** Ends and type of the relationships that are stored. */
  readonly links: Set<string>
  /** The same by id. */
  readonly linkById: Map<string, string>
  /** Whether there is a relationship with this id, of those that were looked up because another names it. */
  readonly invalidators: Map<string, boolean>
}

/** Imports the relationships of a document whose memories have been imported. */
export async function importRelationships(
  run: ImportRun,
  list: readonly unknown[],
  memories: StoredMemories,
): Promise<void> {
  const stored: Stored = {
    memories,
    nodes: new Map(),
    listed: new Set(),
    links: new Set(),
    linkById: new Map(),
    invalidators: new Map(),
  }
  const refuse = (entry: Entry<unknown>, error: unknown): void => {
    run.report.refused.push({
      kind: 'relationship',
      index: entry.index,
      id: entry.id,
      reason: reasonOf(error),
    })
  }
  const refuseOrSkip = async (entry: RelationshipEntry, error: unknown): Promise<void> => {
    if (await existsByNow(run.backend, entry.value)) run.report.skipped_relationships++
    else refuse(entry, error)
  }
  const { ordered, circular } = invalidatorsFirst(list)
  await inBatches(ordered, async (batch) => {
    const checked = await checkEach(batch, (entry) => ({ ...entry, value: checkEntry(entry.value) }), refuse)
    await lookUpEnds(run.backend, checked, stored)
    const joinable = await checkEach(checked, (entry) => requireEnds(entry, stored), refuse)
    await listLinks(run.backend, joinable, stored)
    await lookUpInvalidators(run.backend, joinable, stored)
    const passed = new Set<string>()
    const requireIt = (entry: RelationshipEntry): RelationshipEntry => {
      requireInvalidator(entry, stored, passed, circular.has(entry.index))
      if (entry.id !== null) passed.add(entry.id)
      return entry
    }
    const storable = await checkEach(joinable, requireIt, refuse)
    await writeTogether(storable, (part) => store(run, part, stored), refuseOrSkip)
    run.advance(batch.length, 'relationships')
  })
}

function checkEntry(entry: unknown): RelationshipInput {
  if (!isRecord(entry)) throw new ValidationError('Invalid relationship: must be an object')
  const known = Object.entries(entry).filter(([key, value]) => {
    const meansNothing = value === null || (key === 'bidirectional' && typeof value === 'boolean')
    return !(COMPUTED_KEYS.has(key) && meansNothing)
  })
  const unknown = known.filter(([key]) => !ENTRY_KEYS.has(key)).map(([key]) => JSON.stringify(key))
  if (unknown.length > 0) {
    throw new ValidationError(`Invalid relationship: a relationship has no field ${unknown.join(', ')}`)
  }
  return validate(relationshipSchema, Object.fromEntries(known), 'relationship')
}

async function lookUpEnds(
  backend: GraphBackend,
  entries: readonly RelationshipEntry[],
  { memories, nodes }: Stored,
): Promise<void> {
  const ends = new Set(entries.flatMap(({ value }) => [value.from_memory_id, value.to_memory_id]))
  const open = [...ends].filter((id) => !memories.has(id) && !nodes.has(id))
  if (open.length === 0) return
  for (const id of open) nodes.set(id, false)
  for (const { id } of await backend.getNodes(open)) nodes.set(id, true)
}

function requireEnds(entry: RelationshipEntry, { memories, nodes }: Stored): RelationshipEntry {
  const ends = [entry.value.from_memory_id, entry.value.to_memory_id]
  const missing = ends.filter((id) => !memories.has(id) && !nodes.get(id)).map((id) => JSON.stringify(id))
  if (missing.length === 0) return entry
  throw new RelationshipError(
    `Neither the store nor the document has a memory that could be stored with the id ${missing.join(', ')}`,
  )
}

// Memories that this import has stored anew have no relationships but those it creates.
async function listLinks(
  backend: GraphBackend,
  entries: readonly RelationshipEntry[],
  { memories, listed, links, linkById }: Stored,
): Promise<void> {
  const starts = new Set(entries.map(({ value }) => value.from_memory_id))
  const open = [...starts].filter((id) => memories.get(id) !== 'new' && !listed.has(id))
  if (open.length === 0) return
  for await (const relationship of backend.listRelationships({ memoryIds: open })) {
    links.add(linkOf(relationship))
    linkById.set(relationship.id, linkOf(relationship))
  }
  for (const id of open) listed.add(id)
}

// Those of the same batch come before the relationships that name them, and those of earlier batches are stored.
async function lookUpInvalidators(
  backend: GraphBackend,
  entries: readonly RelationshipEntry[],
  stored: Stored,
): Promise<void> {
  const { linkById, invalidators } = stored
  const inBatch = new Set(entries.map((entry) => entry.id))
  for (const { value } of entries) {
    const id = value.properties?.invalidated_by
    if (!id || inBatch.has(id) || linkById.has(id) || invalidators.has(id)) continue
    if (!isStored(value, stored)) invalidators.set(id, (await backend.getRelationship(id)) !== null)
  }
}

function requireInvalidator(
  { value }: RelationshipEntry,
  stored: Stored,
  passed: ReadonlySet<string>,
  isCircular: boolean,
): void {
  const id = value.properties?.invalidated_by
  if (!id || isStored(value, stored)) return
  if (passed.has(id) || stored.linkById.has(id) || stored.invalidators.get(id)) return
  throw new RelationshipError(
    isCircular
      ? `It was invalidated by ${JSON.stringify(id)}, and that one, directly or through others, by this one: neither can come first`
      : `Neither the store nor the document has a relationship that could be stored with the id ${JSON.stringify(id)} (invalidated_by)`,
  )
}

async function store(run: ImportRun, entries: readonly RelationshipEntry[], stored: Stored): Promise<void> {
  const created = new Map<string, RelationshipInput>()
  const links = new Set<string>()
  for (const { value } of entries) {
    const link = linkOf(value)
    if (isStored(value, stored) || (!value.id && links.has(link))) continue
    const id = value.id ?? uuidV5(link, NAMESPACE)
    created.set(id, { ...value, id })
    links.add(link)
  }
  if (created.size > 0 && !run.dryRun)
    await run.backend.createRelationships([...created.values()], { allowCycles: true })
  run.report.imported_relationships += created.size
  run.report.skipped_relationships += entries.length - created.size
  for (const link of links) stored.links.add(link)
  for (const [id, relationship] of created) stored.linkById.set(id, linkOf(relationship))
}

function isStored(value: RelationshipInput, { links, linkById }: Stored): boolean {
  const link = linkOf(value)
  return value.id ? linkById.get(value.id) === link : links.has(link)
}

// Another process may have imported the same meanwhile.
async function existsByNow(backend: GraphBackend, value: RelationshipInput): Promise<boolean> {
  const found = await backend.getRelationship(value.id ?? uuidV5(linkOf(value), NAMESPACE))
  return found !== null && linkOf(found) === linkOf(value)
}

function linkOf({ from_memory_id, to_memory_id, type }: RelationshipInput): string {
  return JSON.stringify([from_memory_id, to_memory_id, type])
}
