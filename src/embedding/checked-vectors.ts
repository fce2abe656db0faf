import { checkedVector } from '../model/embedding.js'
import type { Embedder } from './embedder.js'
import { embeddingError } from './embedding-error.js'

/**
 * What an embedder made of so many texts, as 32-bit floats.
 *
 * @throws `MG_EMBEDDING` it is not one vector of the model for each
 */
export function checkedVectors(
  made: unknown,
  count: number,
  { model, dimensions }: Pick<Embedder, 'model' | 'dimensions'>,
): Float32Array[] {
  if (!Array.isArray(made)) throw fault(model, 'made no list of vectors')
  if (made.length !== count) throw fault(model, `made ${made.length} vectors of ${count} texts`)
  return made.map((value: unknown, at) => {
    const vector = checkedVector(value)
    if (typeof vector === 'string') throw fault(model, `made what is no vector of text ${at}: ${vector}`)
    if (vector.length === dimensions) return vector
    throw fault(
      model,
      `made a vector of ${vector.length} components, and its dimensions are ${dimensions}: correct dimensions`,
    )
  })
}

function fault(model: string, what: string): Error {
  return embeddingError(`The embedder "${model}" ${what}`, { model })
}
