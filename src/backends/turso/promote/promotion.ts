import { v7 as uuidV7 } from 'uuid'
import { ConflictError } from '../../../errors.js'
import { PRUNE_FEED } from '../change-feed.js'
import { SELECT_SETTING } from '../schema.js'
import { type Query, query, type SqlDatabase, type SqlRow, type SqlSource } from '../sql-source.js'
import { COUNT_NODES, COUNT_RELATIONSHIPS, SELECT_POSITION } from '../statements.js'
import { noCounts } from './promote-report.js'
import { DELETE_NOTE, NOTE_NAME, PUT_NOTE } from './promote-statements.js'
import { type PromotionNote, parseNote, type Stage } from './promotion-note.js'

/** The file that is promoted: what names it, and what names what it holds. */
export type PromotionSource = { readonly epoch: string; readonly state: string }

/** What a batch stores, and how far the promotion is then. */
export type Batch = { readonly writes: readonly Query[] } & Partial<
  Pick<PromotionNote, 'stage' | 'after' | 'nodes' | 'relationships' | 'versions' | 'embeddings' | 'state'>
>

/**
 * The progress of one promotion, noted in the primary in the same transaction as what it tells of. So a batch is stored once
 * even when its answer was lost, an interrupted promotion goes on where it was, and two at a time do not mix.
 */
export class Promotion {
  /** Whether it goes on where an earlier call was interrupted. */
  readonly isResumed: boolean
  readonly #primary: SqlDatabase
  #note: PromotionNote

  private constructor(primary: SqlDatabase, note: PromotionNote) {
    this.#primary = primary
    this.#note = note
    this.isResumed = note.after !== null || note.stage !== 'nodes'
  }

  get note(): PromotionNote {
    return this.#note
  }

  /**
   * Begins to promote a file, or goes on where that was interrupted.
   *
   * @throws `MG_CONFLICT` the primary holds something else
   */
  static async begin(primary: SqlDatabase, source: PromotionSource, merge: boolean): Promise<Promotion> {
    const run = uuidV7()
    const note = await primary.transact(async (transaction) => {
      const { found, isAlone, results } = await lookAt(transaction, [
        query(COUNT_NODES),
        query(COUNT_RELATIONSHIPS),
      ])
      if (found?.run === run) return found
      const [nodes = 0, relationships = 0] = results.map((rows) => Number(rows[0]?.[0]))
      const isOurs = found?.source === source.epoch && (merge || !found.merge)
      if (!isOurs && !merge) {
        if (found && found.source !== source.epoch) throw beingFilled(primary.name, nodes)
        if (nodes + relationships > 0) throw notEmpty(primary.name, nodes)
      }
      const begun = isOurs ? resumed(found, source, merge, isAlone) : fresh(source, merge)
      const next = { ...begun, run, step: 0 }
      await transaction.run([query(PUT_NOTE, JSON.stringify(next))])
      return next
    })
    return new Promotion(primary, note)
  }

  /**
   * Reads what `reads` ask, and stores what `next` makes of it, at most once; it is told whether nobody else has written.
   *
   * @throws `MG_CONFLICT` another promotion has taken over · what `next` throws
   */
  async step(reads: readonly Query[], next: (results: SqlRow[][], isAlone: boolean) => Batch): Promise<void> {
    const { run, step } = this.#note
    this.#note = await this.#primary.transact(async (transaction) => {
      const { found, isAlone, results } = await lookAt(transaction, reads)
      if (found?.run !== run) throw overtaken(this.#primary.name)
      if (found.step === step + 1) return found // it is stored, and the answer was lost
      const { writes, ...progress } = next(results, isAlone)
      const note = { ...found, ...progress, isAlone, step: step + 1 }
      await transaction.run([...writes, query(PUT_NOTE, JSON.stringify(note)), PRUNE_FEED])
      return note
    })
  }

  /** Goes on to a stage. */
  enter(stage: Stage): Promise<void> {
    return this.step([], () => ({ writes: [], stage, after: null }))
  }

  /** Lets the next call compare everything again. */
  reject(): Promise<void> {
    return this.step([], () => ({ writes: [], state: '' }))
  }

  /** The first value that each of these asks for, and whether nobody else has written until then. */
  async look(...reads: readonly Query[]): Promise<{ values: unknown[]; isAlone: boolean }> {
    const { isAlone, results } = await lookAt(this.#primary, reads)
    return { isAlone, values: results.map((rows) => rows[0]?.[0]) }
  }
}

/** Removes the note of the call that has done everything. */
export async function endPromotion(primary: SqlDatabase, run: string): Promise<void> {
  await primary.transact((transaction) => transaction.run([query(DELETE_NOTE, run)]))
}

type Look = { readonly found: PromotionNote | null; readonly isAlone: boolean; readonly results: SqlRow[][] }

async function lookAt(source: SqlSource, reads: readonly Query[]): Promise<Look> {
  const [note, change, ...results] = await source.read([
    query(SELECT_SETTING, NOTE_NAME),
    query(SELECT_POSITION),
    ...reads,
  ])
  const found = parseNote(note?.[0]?.[0])
  return { found, isAlone: found?.isAlone === true && found.change === change?.[0]?.[0], results }
}

function fresh({ epoch, state }: PromotionSource, merge: boolean): Omit<PromotionNote, 'run' | 'step'> {
  return {
    source: epoch,
    state,
    merge,
    stage: 'nodes',
    after: null,
    nodes: noCounts(),
    relationships: noCounts(),
    versions: 0,
    embeddings: 0,
    isAlone: !merge,
    change: 0,
  }
}

function resumed(
  found: PromotionNote,
  source: PromotionSource,
  merge: boolean,
  isAlone: boolean,
): PromotionNote {
  if (found.state === source.state && found.merge === merge) return { ...found, isAlone }
  return { ...found, ...fresh(source, merge), stage: merge ? 'nodes' : 'gone', isAlone: isAlone && !merge }
}

/** Why a primary with memories is refused. */
export function notEmpty(name: string, nodes: number): ConflictError {
  return new ConflictError(
    `${name} holds ${nodes} ${nodes === 1 ? 'node' : 'nodes'} already: to put the file's beside them, of two versions the newer, promote with merge: true (--merge); nothing was written`,
    { details: { nodes } },
  )
}

function beingFilled(name: string, nodes: number): ConflictError {
  return new ConflictError(
    `${name} is being filled from another file (it holds ${nodes} ${nodes === 1 ? 'node' : 'nodes'}): finish that, or promote with merge: true (--merge); nothing was written`,
    { details: { nodes } },
  )
}

function overtaken(name: string): ConflictError {
  return new ConflictError(
    `Another promotion to ${name} has begun meanwhile: wait until it is done. What was copied stays`,
  )
}
