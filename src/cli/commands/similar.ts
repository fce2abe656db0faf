import type { Command } from 'commander'
import type { GraphBackend } from '../../backends/graph-backend.js'
import { MemoryNotFoundError } from '../../errors.js'
import type { Embedding } from '../../model/embedding.js'
import type { Memory } from '../../model/memory.js'
import { addCommonOptions } from '../common-options.js'
import { integer } from '../option-values.js'
import { type Output, oneLine } from '../output.js'
import { printMemories } from '../print-memory.js'
import { UsageError } from '../usage-error.js'
import { withBackend } from '../with-backend.js'
import { noMemory } from './get.js'

const DEFAULT_LIMIT = 10

type SimilarCommandOptions = { model?: string; limit?: number }
type SimilarMemory = { readonly score: number; readonly memory: Memory }

/** `similar`: memories that mean nearly the same as one, by their vectors. */
export function addSimilarCommand(program: Command): void {
  const command = program
    .command('similar')
    .description('Show the memories whose vectors are nearest to that of one, nearest first.')
    .argument('<id>', 'id of the memory to start from')
    .option(
      '--model <name>',
      'compare vectors of this model (default: the one that recalls use, or the only one)',
    )
    .option('--limit <n>', `1 to 999 (default: ${DEFAULT_LIMIT})`, integer(1, 999))
  addCommonOptions(command).action(async (id: string, options: SimilarCommandOptions) => {
    await withBackend(command, async ({ backend, output }) => {
      const { model, vector } = await embeddingOf(backend, id, options.model)
      const limit = options.limit ?? DEFAULT_LIMIT
      const found = await backend.searchByVector(vector, { model, k: limit + 1 })
      const similar = found
        .flatMap(({ score, memory }) => (memory && memory.id !== id ? [{ score, memory }] : []))
        .slice(0, limit)
      output.result(similar, () => printSimilar(output, similar))
      if (similar.length === 0) output.note(`no other memory has a vector of the model "${oneLine(model)}"`)
      return undefined
    })
  })
}

async function embeddingOf(backend: GraphBackend, id: string, model: string | undefined): Promise<Embedding> {
  const embeddings = await backend.getEmbeddings([id], model)
  const [only, ...more] = embeddings
  if (only === undefined) throw await nothingToCompare(backend, id, model)
  if (more.length === 0) return only
  const recallModel = (await backend.healthCheck()).embedding?.recall_model
  const ofRecalls = embeddings.find((embedding) => embedding.model === recallModel)
  if (ofRecalls) return ofRecalls
  const models = embeddings.map((embedding) => `"${oneLine(embedding.model)}"`).join(', ')
  throw new UsageError(`it has vectors of several models: name one with --model (${models})`)
}

async function nothingToCompare(
  backend: GraphBackend,
  id: string,
  model: string | undefined,
): Promise<MemoryNotFoundError> {
  const [node] = await backend.getNodes([id])
  if (node === undefined) return noMemory(id)
  const which = model === undefined ? '' : ` of the model ${JSON.stringify(model)}`
  return new MemoryNotFoundError(
    `${JSON.stringify(id)} has no vector${which} to compare: run the command embed with an embedder configured, or store one with setEmbeddings()`,
    { details: { id, model: model ?? null } },
  )
}

function printSimilar(output: Output, similar: readonly SimilarMemory[]): string {
  return similar
    .map(({ score, memory }, at) => {
      const indent = ' '.repeat(String(at + 1).length + 2)
      return `${printMemories(output, [memory], at + 1)}\n${indent}${output.style('dim', `similarity ${score.toFixed(3)}`)}`
    })
    .join('\n')
}
