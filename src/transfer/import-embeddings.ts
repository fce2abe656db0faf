import { MemoryNotFoundError, ValidationError } from '../errors.js'
import { type CheckedEmbedding, type Embedding, embeddingSchema } from '../model/embedding.js'
import { validate } from '../model/validation.js'
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
import { idOf, isRecord } from './record-value.js'
import type { TransferRecord } from './transfer-record.js'
import { decodeVector } from './vector-text.js'

/** An embedding to be imported. */
type Candidate = { readonly place: string; readonly embedding: CheckedEmbedding }
type Write = Candidate & { readonly outcome: 'imported' | 'replaced' }

/** Components of vectors that are held at a time. */
const BATCH_COMPONENTS = 4 * 1024 * 1024

/** The part of an import that stores vectors, whose nodes have been stored before. */
export class EmbeddingImport {
  readonly #run: ImportRun
  readonly #batch: ImportBatch<Candidate>

  constructor(run: ImportRun) {
    this.#run = run
    this.#batch = new ImportBatch(run, (target, batch) => this.#store(target, batch), BATCH_COMPONENTS)
  }

  /** Takes a record; it is stored with others, at the latest by {@link EmbeddingImport.finish}. */
  async add(record: TransferRecord): Promise<void> {
    const candidate = this.#check(record)
    if (candidate) {
      const { embedding } = candidate
      await this.#batch.put(keyOf(embedding), candidate, embedding.vector.length)
    }
    await this.#batch.count()
  }

  /** Stores what has been taken. */
  finish(): Promise<void> {
    return this.#batch.flush()
  }

  async #store(target: ImportTarget, candidates: readonly Candidate[]): Promise<void> {
    const { embeddings } = this.#run.report
    const nodes = new Set(
      (await target.getNodes(candidates.map(({ embedding }) => embedding.id))).map(({ id }) => id),
    )
    const stored = await lookUp(target, candidates)
    const writes: Write[] = []
    for (const candidate of candidates) {
      const { embedding } = candidate
      if (!nodes.has(embedding.id)) {
        this.#refuse(candidate, absent(embedding.id))
        continue
      }
      const outcome = this.#outcomeOf(candidate, stored.get(keyOf(embedding)))
      if (outcome === 'imported' || outcome === 'replaced') writes.push({ ...candidate, outcome })
      else embeddings[outcome]++
    }
    const write = async (part: readonly Write[]): Promise<void> => {
      await target.setEmbeddings(part.map(({ embedding }) => embedding))
      if (this.#run.verify) await verify(target, part)
      for (const { outcome } of part) embeddings[outcome]++
    }
    await inParts(writes, (part) =>
      writeTogether(part, write, (candidate, error) => this.#refuse(candidate, error)),
    )
  }

  #outcomeOf(
    { embedding, place }: Candidate,
    before: Embedding | undefined,
  ): 'imported' | 'replaced' | 'kept' | 'unchanged' {
    const { id } = embedding
    const ofNode = this.#run.conflicts.get(id)
    if (before && isSame(before, embedding)) return 'unchanged'
    if (ofNode === 'kept') return 'kept'
    if (!before) return 'imported'
    return isReplaced(this.#run.policy, { id, place, isNewer: ofNode === 'replaced' }) ? 'replaced' : 'kept'
  }

  #check({ value, place }: TransferRecord): Candidate | null {
    try {
      if (!this.#run.keepsVectors)
        throw new ValidationError('The target keeps no vectors (its capability "vector" is false)')
      if (!isRecord(value)) throw new ValidationError('Invalid embedding: must be an object')
      const { vector } = value
      const given = typeof vector === 'string' ? { ...value, vector: decodeVector(vector) } : value
      return { place, embedding: validate(embeddingSchema, given, 'embedding') }
    } catch (error) {
      noteRefused(this.#run.report, { kind: 'embedding', id: idOf(value), place, reason: reasonOf(error) })
      return null
    }
  }

  #refuse({ place, embedding: { id } }: Candidate, error: unknown): void {
    noteRefused(this.#run.report, { kind: 'embedding', id, place, reason: reasonOf(error) })
  }
}

async function lookUp(
  target: ImportTarget,
  candidates: readonly Candidate[],
): Promise<Map<string, Embedding>> {
  const stored = await target.getEmbeddings(candidates.map(({ embedding }) => embedding.id))
  return new Map(stored.map((embedding) => [keyOf(embedding), embedding]))
}

async function verify(target: ImportTarget, written: readonly Candidate[]): Promise<void> {
  const stored = await lookUp(target, written)
  for (const { embedding } of written) {
    const found = stored.get(keyOf(embedding))
    if (!found || !isSame(found, embedding)) throw notAsWritten('embedding of', embedding.id)
  }
}

function keyOf({ id, model }: CheckedEmbedding): string {
  return JSON.stringify([id, model])
}

function isSame(one: CheckedEmbedding, other: CheckedEmbedding): boolean {
  return Buffer.copyBytesFrom(one.vector).equals(Buffer.copyBytesFrom(other.vector))
}

function absent(id: string): MemoryNotFoundError {
  return new MemoryNotFoundError(
    `Neither the store nor the source has a node that could be stored as ${JSON.stringify(id)}`,
    {
      details: { missing: [id] },
    },
  )
}
