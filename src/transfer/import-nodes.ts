import { isDeepStrictEqual } from 'node:util'
import { ConflictError, ValidationError } from '../errors.js'
import { encodeJson } from '../model/json-text.js'
import type { Memory } from '../model/memory.js'
import { decodeMemory, decodeObject, withCanonicalTimes } from '../model/memory-properties.js'
import { type GraphNode, type GraphNodeInput, MEMORY_LABEL } from '../model/node.js'
import { propertiesInScope, type Scope } from '../model/scope.js'
import { now, type Timestamp, toTimestamp } from '../model/timestamp.js'
import { requireId } from '../model/validation.js'
import { isReplaced } from './conflict-policy.js'
import { ImportBatch } from './import-batch.js'
import { noteRefused } from './import-report.js'
import {
  type ImportRun,
  type ImportTarget,
  inParts,
  notAsWritten,
  reasonOf,
  writeTogether,
} from './import-run.js'
import { checkEntry, foreignOf, propertiesOf } from './imported-memory.js'
import { charactersOf, idOf, isRecord } from './record-value.js'
import type { TransferRecord } from './transfer-record.js'

/** A node to be imported. */
type Candidate = {
  readonly id: string
  readonly place: string
  readonly label: string
  /** When it says that it was last changed. */
  readonly updatedAt: Timestamp | null
  /** The node, over what is stored. */
  readonly over: (before: GraphNode | undefined) => GraphNodeInput
}

/** Characters of contents that are held at a time. */
const BATCH_CHARACTERS = 16 * 1024 * 1024

/** The part of an import that stores memories and other nodes. */
export class NodeImport {
  readonly #run: ImportRun
  readonly #batch: ImportBatch<Candidate>

  constructor(run: ImportRun) {
    this.#run = run
    this.#batch = new ImportBatch(run, (target, batch) => this.#store(target, batch), BATCH_CHARACTERS)
  }

  /** Takes a record; it is stored with others, at the latest by {@link NodeImport.finish}. */
  async add(record: TransferRecord): Promise<void> {
    const candidate = this.#check(record)
    if (candidate) await this.#batch.put(candidate.id, candidate, charactersOf(record.value))
    await this.#batch.count()
  }

  /** Stores what has been taken. */
  finish(): Promise<void> {
    return this.#batch.flush()
  }

  async #store(target: ImportTarget, candidates: readonly Candidate[]): Promise<void> {
    const { report } = this.#run
    const ids = candidates.map(({ id }) => id)
    const stored = new Map((await target.getNodes(ids)).map((node) => [node.id, node]))
    const writes: { candidate: Candidate; node: GraphNodeInput; outcome: 'imported' | 'replaced' }[] = []
    for (const candidate of candidates) {
      try {
        const before = stored.get(candidate.id)
        const node = stamped(this.#run.scope, candidate.over(before), before)
        const outcome = this.#outcomeOf(candidate, node, before)
        if (outcome === 'imported' || outcome === 'replaced') writes.push({ candidate, node, outcome })
        else {
          report.nodes[outcome]++
          if (outcome === 'kept') this.#run.conflicts.set(candidate.id, outcome)
        }
      } catch (error) {
        this.#refuse(candidate, error)
      }
    }
    const write = async (part: readonly (typeof writes)[number][]): Promise<void> => {
      const nodes = part.map(({ node }) => node)
      await target.putNodes(nodes)
      if (this.#run.verify) await this.#verify(target, nodes)
      for (const { candidate, outcome } of part) {
        report.nodes[outcome]++
        if (outcome === 'replaced') this.#run.conflicts.set(candidate.id, outcome)
      }
    }
    await inParts(writes, (part) =>
      writeTogether(part, write, ({ candidate }, error) => this.#refuse(candidate, error)),
    )
  }

  #outcomeOf(
    candidate: Candidate,
    node: GraphNodeInput,
    before: GraphNode | undefined,
  ): 'imported' | 'replaced' | 'kept' | 'unchanged' {
    if (!before) return 'imported'
    const { id, place, label, updatedAt } = candidate
    if (before.label !== label) throw labelConflict(id, before.label, label)
    if (saysTheSame(before, node)) return 'unchanged'
    const storedAt = toTimestamp(before.properties['updated_at'])
    const isNewer = updatedAt !== null && (storedAt === null || updatedAt > storedAt)
    return isReplaced(this.#run.policy, { id, place, isNewer }) ? 'replaced' : 'kept'
  }

  async #verify(target: ImportTarget, nodes: readonly GraphNodeInput[]): Promise<void> {
    const stored = await target.getNodes(nodes.map(({ id }) => id))
    const byId = new Map(stored.map((node) => [node.id, node]))
    for (const node of nodes) {
      const found = byId.get(node.id)
      if (!found || !saysTheSame(found, node)) throw notAsWritten('node', node.id)
    }
  }

  #check(record: TransferRecord): Candidate | null {
    try {
      return record.kind === 'memory'
        ? memoryCandidate(record)
        : nodeCandidate(record, this.#run.keepsHistory)
    } catch (error) {
      this.#refuse({ id: idOf(record.value), place: record.place }, error)
      return null
    }
  }

  // With the policy "error" a conflict ends the import; it is no fault of a record.
  #refuse({ id, place }: { readonly id: string | null; readonly place: string }, error: unknown): void {
    const isOverContent = error instanceof ConflictError && this.#run.policy === 'error'
    if (isOverContent) throw error
    noteRefused(this.#run.report, { kind: 'node', id, place, reason: reasonOf(error) })
  }
}

function memoryCandidate({ value, place }: TransferRecord): Candidate {
  const memory = checkEntry(value)
  const updatedAt = toTimestamp(memory.fields.updated_at)
  return {
    id: memory.id,
    place,
    label: MEMORY_LABEL,
    updatedAt,
    over: (before) => {
      const node = {
        id: memory.id,
        label: MEMORY_LABEL,
        properties: propertiesOf(memory, before?.properties),
      }
      if (updatedAt !== null || !before || saysTheSame(before, node)) return node
      return { ...node, properties: { ...node.properties, updated_at: now() } }
    },
  }
}

function nodeCandidate({ value, place }: TransferRecord, keepsHistory: boolean): Candidate {
  if (!isRecord(value)) throw new ValidationError('Invalid node: must be an object')
  const { id, label, properties } = value
  requireId(id, 'node: id')
  if (typeof label !== 'string') throw new ValidationError('Invalid node: label: must be text')
  if (!isRecord(properties)) throw new ValidationError('Invalid node: properties: must be an object')
  const updatedAt = toTimestamp(properties['updated_at'])
  const { version: _version, history: _history, ...bare } = value
  const node = {
    ...(keepsHistory ? value : bare),
    properties: label === MEMORY_LABEL ? withCanonicalTimes(properties) : properties,
  } as GraphNodeInput
  return { id, place, label, updatedAt, over: () => node }
}

// The same time or list can be written in several ways, and Python stores repeated tags: what counts is how it reads.
function saysTheSame(stored: GraphNodeInput, given: GraphNodeInput): boolean {
  if (stored.label !== given.label) return false
  if (isDeepStrictEqual(stored.properties, given.properties)) return true
  if (stored.label !== MEMORY_LABEL) return false
  return (
    isDeepStrictEqual(read(stored), read(given)) &&
    isDeepStrictEqual(foreignOf(stored.properties), foreignOf(given.properties))
  )
}

function read({ id, properties }: GraphNodeInput): Memory {
  const memory = decodeMemory(id, encodeJson(properties))
  return { ...memory, tags: [...new Set(memory.tags)] }
}

/** The node as a target that is confined to a scope stores it: a context that is new has the time of the one that is stored. */
function stamped(scope: Scope, node: GraphNodeInput, before: GraphNode | undefined): GraphNodeInput {
  if (scope.length === 0) return node
  const row = { id: node.id, label: node.label, properties: encodeJson(node.properties) }
  const storedAt = toTimestamp(before?.properties['context_timestamp']) ?? now()
  return { ...node, properties: decodeObject(node.id, propertiesInScope(scope, row, storedAt)) }
}

function labelConflict(id: string, stored: string, given: string): ConflictError {
  return new ConflictError(
    `The id ${JSON.stringify(id)} belongs to a node labelled ${JSON.stringify(stored)}, not ${JSON.stringify(given)}`,
    { details: { id, label: stored } },
  )
}
