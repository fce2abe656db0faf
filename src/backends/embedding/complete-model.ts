import { embeddingError, reasonOf } from '../../embedding/embedding-error.js'
import type { BulkOptions } from '../graph-backend.js'
import type { GraphDriver } from '../graph-driver.js'
import type { EmbeddingPass } from './embedding-pass.js'
import { EmbeddingRound } from './embedding-round.js'

/** Which model is made complete, and how. */
export type CompletionSettings = Pick<BulkOptions, 'onProgress'> & {
  readonly store: GraphDriver
  readonly model: string
  readonly pass: EmbeddingPass
  readonly signal: AbortSignal
  /** Whether the vectors of the model before stay. */
  readonly keepOld: boolean
}

/**
 * Gives each memory a vector of a model, then makes that the one that recalls use; returns how many it embedded. What is written
 * meanwhile is embedded too before the change, which is one write.
 *
 * @throws `MG_EMBEDDING` some could not be embedded; the model before stays in use
 */
export async function completeModel(settings: CompletionSettings): Promise<number> {
  const { store, model, onProgress } = settings
  let embedded = 0
  do {
    const total = embedded + (await store.reader.countUnembedded(model, []))
    const onPage = (done: number): void =>
      onProgress?.({ done: Math.min(embedded + done, total), total, phase: 'embedding' })
    const round = new EmbeddingRound({ ...settings, reader: store.reader, keepsAlive: true, onPage })
    await round.embedAll(new Set())
    if (round.hasGivenUp || round.failed.length > 0) throw await incomplete(settings, round)
    embedded += round.embedded
  } while (!(await makeRecallModel(settings)))
  onProgress?.({ done: embedded, total: embedded, phase: 'embedding' })
  return embedded
}

/** False where a memory has come that lacks a vector. */
function makeRecallModel({ store, model, keepOld }: CompletionSettings): Promise<boolean> {
  return store.write(async (writer) => {
    const lacking = await writer.findUnembedded({ model, afterId: null, limit: 1, within: [] })
    if (lacking.length > 0) return false
    const before = await writer.getRecallModel()
    await writer.setRecallModel(model)
    if (before !== null && before !== model && !keepOld) await writer.dropEmbeddingModel(before)
    return true
  })
}

async function incomplete(
  { store, model }: CompletionSettings,
  { failed, error }: EmbeddingRound,
): Promise<Error> {
  const pending = await store.reader.countUnembedded(model, [])
  const before = await store.reader.getRecallModel()
  const inUse = before === null || before === model ? '' : `; recalls go on with "${before}"`
  return embeddingError(
    `${pending} memories could not be embedded by "${model}" (${reasonOf(error)})${inUse}: call reembed() again, it goes on where it stopped`,
    { model, ids: failed.slice(0, 100), cause: error },
  )
}
