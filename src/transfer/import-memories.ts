import { isDeepStrictEqual } from 'node:util'
import { ConflictError } from '../errors.js'
import { encodeJson } from '../model/json-text.js'
import type { Memory } from '../model/memory.js'
import { decodeMemory } from '../model/memory-properties.js'
import { type GraphNode, type GraphNodeInput, MEMORY_LABEL } from '../model/node.js'
import { now } from '../model/timestamp.js'
import { idOf } from './export-document.js'
import { checkEach, type Entry, inBatches, reasonOf, writeTogether } from './import-batches.js'
import type { ImportRun } from './import-report.js'
import { checkEntry, foreignOf, type ImportedMemory, propertiesOf } from './imported-memory.js'

/** Memories of the document that are stored now, and whether they were before. */
export type StoredMemories = Map<string, 'new' | 'known'>

type MemoryEntry = Entry<ImportedMemory>
type Outcome = 'imported_memories' | 'updated_memories' | 'unchanged_memories'
type Plan = { readonly id: string; readonly outcome: Outcome; readonly node?: GraphNodeInput }

/** Imports the memories of a document. */
export async function importMemories(run: ImportRun, list: readonly unknown[]): Promise<StoredMemories> {
  const stored: StoredMemories = new Map()
  const refuse = (entry: Entry<unknown>, error: unknown): void => {
    run.report.refused.push({ kind: 'memory', index: entry.index, id: entry.id, reason: reasonOf(error) })
  }
  const entries = list.map((value, index): Entry<unknown> => ({ index, id: idOf(value), value }))
  await inBatches(entries, async (batch) => {
    const check = (entry: Entry<unknown>): MemoryEntry => ({ ...entry, value: checkEntry(entry.value) })
    const checked = await checkEach(batch, check, refuse)
    await writeTogether(checked, (part) => store(run, part, stored), refuse)
    run.advance(batch.length, 'memories')
  })
  return stored
}

async function store(run: ImportRun, entries: readonly MemoryEntry[], stored: StoredMemories): Promise<void> {
  const nodes = await run.backend.getNodes(entries.map((entry) => entry.value.id))
  const before = new Map(nodes.map((node) => [node.id, node]))
  const plans = entries.map((entry) => plan(entry.value, before.get(entry.value.id)))
  const changed = plans.flatMap(({ node }) => node ?? [])
  if (changed.length > 0 && !run.dryRun) await run.backend.putNodes(changed)
  for (const { id, outcome } of plans) {
    run.report[outcome]++
    stored.set(id, outcome === 'imported_memories' ? 'new' : 'known')
  }
}

function plan(memory: ImportedMemory, before: GraphNode | undefined): Plan {
  const { id } = memory
  if (before && before.label !== MEMORY_LABEL) {
    throw new ConflictError(
      `The id ${JSON.stringify(id)} belongs to a node labelled ${JSON.stringify(before.label)}, not "${MEMORY_LABEL}"`,
      { details: { id, label: before.label } },
    )
  }
  const node = { id, label: MEMORY_LABEL, properties: propertiesOf(memory, before?.properties) }
  if (!before) return { id, outcome: 'imported_memories', node }
  if (saysTheSame(before, node)) return { id, outcome: 'unchanged_memories' }
  const updated_at = memory.fields.updated_at ?? now()
  return {
    id,
    outcome: 'updated_memories',
    node: { ...node, properties: { ...node.properties, updated_at } },
  }
}

// The same time or list can be written in several ways, and Python stores repeated tags: what counts is how it reads.
function saysTheSame(stored: GraphNode, given: GraphNodeInput): boolean {
  return (
    isDeepStrictEqual(read(stored), read(given)) &&
    isDeepStrictEqual(foreignOf(stored.properties), foreignOf(given.properties))
  )
}

function read({ id, properties }: GraphNodeInput): Memory {
  const memory = decodeMemory(id, encodeJson(properties))
  return { ...memory, tags: [...new Set(memory.tags)] }
}
