import { ConflictError, MemoryError, RelationshipError } from '../errors.js'
import { invalidatorsFirst } from '../model/invalidators-first.js'
import type { Relationship } from '../model/relationship.js'
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
import {
  type ImportedRelationship,
  isNewer,
  linkOf,
  relationshipOf,
  saysTheSame,
} from './imported-relationship.js'
import { idOf } from './record-value.js'
import type { TransferRecord } from './transfer-record.js'

/**
 * The part of an import that stores relationships, whose nodes have been stored before. Those that were invalidated by others wait in
 * memory until the end, since that may be one that comes later.
 */
export class RelationshipImport {
  readonly #run: ImportRun
  readonly #batch: ImportBatch<ImportedRelationship>
  #waiting: ImportedRelationship[] = []
  #circular: ReadonlySet<ImportedRelationship> = new Set()

  constructor(run: ImportRun) {
    this.#run = run
    this.#batch = new ImportBatch(run, (target, batch) => this.#store(target, batch))
  }

  /** Takes a record; it is stored with others, at the latest by {@link RelationshipImport.finish}. */
  async add(record: TransferRecord): Promise<void> {
    const relationship = this.#check(record)
    if (relationship?.invalidatedBy) this.#waiting.push(relationship)
    else if (relationship) await this.#batch.put(relationship.id, relationship)
    await this.#batch.count()
  }

  /** Stores what has been taken. */
  async finish(): Promise<void> {
    await this.#batch.flush()
    const { ordered, circular } = invalidatorsFirst(this.#waiting, ({ invalidatedBy }) => invalidatedBy)
    this.#circular = circular
    for (const relationship of ordered) {
      await this.#batch.put(relationship.id, relationship)
      await this.#batch.flushIfFull()
    }
    this.#waiting = []
    await this.#batch.flush()
  }

  async #store(target: ImportTarget, batch: readonly ImportedRelationship[]): Promise<void> {
    const { report } = this.#run
    const stored = await this.#lookUp(target, batch)
    const links = await this.#linksOf(
      target,
      batch.filter(({ id, isNamed }) => !isNamed && !stored.has(id)),
    )
    const added: ImportedRelationship[] = []
    for (const relationship of batch) {
      const before = stored.get(relationship.id)
      if (before) await this.#reconcile(target, relationship, before)
      else if (!relationship.isNamed && links.has(linkOf(relationship.input)))
        report.relationships.unchanged++
      else {
        added.push(relationship)
        links.add(linkOf(relationship.input))
      }
    }
    await inParts(added, (part) => this.#create(target, part))
  }

  async #reconcile(
    target: ImportTarget,
    relationship: ImportedRelationship,
    before: Relationship,
  ): Promise<void> {
    const { policy, report } = this.#run
    const { id, place, input, isNamed } = relationship
    try {
      if (!isNamed || saysTheSame(before, input)) {
        report.relationships.unchanged++
        return
      }
      if (!isReplaced(policy, { id, place, isNewer: isNewer(input, before) })) {
        report.relationships.kept++
        return
      }
      if (before.type !== input.type) throw otherType(id, before.type, input.type)
      const { from_memory_id, to_memory_id } = input
      await target.updateRelationshipProperties(id, input.properties ?? {}, { from_memory_id, to_memory_id })
      if (this.#run.verify) await this.#verify(target, [relationship])
      report.relationships.replaced++
    } catch (error) {
      this.#refuse(relationship, error)
    }
  }

  /** Creates those that can be created. What the store lacks is named by its error, so that only what needs it is left out. */
  async #create(target: ImportTarget, added: readonly ImportedRelationship[]): Promise<void> {
    if (added.length === 0) return
    try {
      await this.#write(target, added)
    } catch (error) {
      reasonOf(error)
      const missing = missingIn(error)
      const possible = added.filter((relationship) => this.#hasAll(relationship, missing))
      if (possible.length < added.length) return this.#create(target, possible)
      await writeTogether(
        possible,
        (part) => this.#write(target, part),
        (relationship, fault) => this.#refuseOrSkip(target, relationship, fault),
      )
    }
  }

  /** Whether nothing that a relationship names is among what is missing; else it is refused. */
  #hasAll(relationship: ImportedRelationship, missing: ReadonlySet<string>): boolean {
    const { input, invalidatedBy } = relationship
    const names = [
      input.from_memory_id,
      input.to_memory_id,
      ...(invalidatedBy === null ? [] : [invalidatedBy]),
    ]
    const lacking = [...new Set(names.filter((id) => missing.has(id)))]
    if (lacking.length === 0) return true
    this.#refuse(relationship, absent(lacking))
    return false
  }

  async #write(target: ImportTarget, relationships: readonly ImportedRelationship[]): Promise<void> {
    const inputs = relationships.map(({ input }) => input)
    await target.createRelationships(inputs, { allowCycles: true })
    if (this.#run.verify) await this.#verify(target, relationships)
    this.#run.report.relationships.imported += relationships.length
  }

  async #verify(target: ImportTarget, relationships: readonly ImportedRelationship[]): Promise<void> {
    const stored = await this.#lookUp(target, relationships)
    for (const { id, input } of relationships) {
      const found = stored.get(id)
      if (!found || !saysTheSame(found, input)) throw notAsWritten('relationship', id)
    }
  }

  async #lookUp(
    target: ImportTarget,
    relationships: readonly ImportedRelationship[],
  ): Promise<Map<string, Relationship>> {
    const found = new Map<string, Relationship>()
    const ids = relationships.map(({ id }) => id)
    for await (const relationship of target.listRelationships({ ids }))
      found.set(relationship.id, relationship)
    return found
  }

  /** Ends and types of what is stored where these start. */
  async #linksOf(target: ImportTarget, relationships: readonly ImportedRelationship[]): Promise<Set<string>> {
    const links = new Set<string>()
    const memoryIds = [...new Set(relationships.map(({ input }) => input.from_memory_id))]
    if (memoryIds.length === 0) return links
    for await (const relationship of target.listRelationships({ memoryIds })) links.add(linkOf(relationship))
    return links
  }

  #check(record: TransferRecord): ImportedRelationship | null {
    try {
      return relationshipOf(record)
    } catch (error) {
      this.#refuse({ id: idOf(record.value), place: record.place }, error)
      return null
    }
  }

  // Another process may have imported the same meanwhile.
  async #refuseOrSkip(
    target: ImportTarget,
    relationship: ImportedRelationship,
    error: unknown,
  ): Promise<void> {
    const found = (await this.#lookUp(target, [relationship])).get(relationship.id)
    if (found && saysTheSame(found, relationship.input)) this.#run.report.relationships.unchanged++
    else if (this.#circular.has(relationship)) this.#refuse(relationship, inCircle(relationship))
    else if (this.#hasAll(relationship, missingIn(error))) this.#refuse(relationship, error)
  }

  #refuse(
    relationship: ImportedRelationship | { readonly id: string | null; readonly place: string },
    error: unknown,
  ): void {
    if (error instanceof ConflictError && this.#run.policy === 'error') throw error
    const { place } = relationship
    const id = 'isNamed' in relationship && !relationship.isNamed ? null : relationship.id
    noteRefused(this.#run.report, { kind: 'relationship', id, place, reason: reasonOf(error) })
  }
}

/** The ids that an error says are missing. */
function missingIn(error: unknown): ReadonlySet<string> {
  const missing: unknown = MemoryError.is(error) ? error.details['missing'] : undefined
  return new Set(Array.isArray(missing) ? missing : [])
}

function absent(ids: readonly string[]): RelationshipError {
  const names = ids.map((id) => JSON.stringify(id)).join(', ')
  return new RelationshipError(`Neither the store nor the source has what could be stored as ${names}`)
}

function inCircle({ invalidatedBy }: ImportedRelationship): RelationshipError {
  return new RelationshipError(
    `It was invalidated by ${JSON.stringify(invalidatedBy)}, and that one, directly or through others, by this one: neither can come first`,
  )
}

function otherType(id: string, stored: string, given: string): ConflictError {
  return new ConflictError(
    `The relationship ${JSON.stringify(id)} is of the type ${stored}, not ${given}: a relationship keeps its type`,
    { details: { id, type: stored } },
  )
}
