import { ConfigurationError } from '../errors.js'
import {
  IS_COUNT,
  IS_DIMENSIONS,
  IS_FUNCTION,
  IS_MODEL,
  IS_WEIGHT,
  type OptionCheck,
} from './check-options.js'
import type { Embedder } from './embedder.js'

const PARTS: readonly (readonly [keyof Embedder, OptionCheck])[] = [
  ['model', IS_MODEL],
  ['dimensions', IS_DIMENSIONS],
  ['embed', IS_FUNCTION],
  ['recallWeight', [(value) => value === undefined || IS_WEIGHT[0](value), IS_WEIGHT[1]]],
  ['batchSize', [(value) => value === undefined || IS_COUNT[0](value), IS_COUNT[1]]],
]

/**
 * The embedder that a value is.
 *
 * @throws `MG_CONFIGURATION` it is none
 */
export function requireEmbedder(value: unknown): Embedder {
  if (typeof value !== 'object' || value === null)
    throw invalid('must be an object with model, dimensions and embed()')
  const embedder = value as Embedder
  for (const [part, [fits, expected]] of PARTS)
    if (!fits(embedder[part])) throw invalid(`its ${part} must be ${expected}`)
  return embedder
}

function invalid(fault: string): ConfigurationError {
  return new ConfigurationError(`Invalid option embedder: ${fault}`, { details: { option: 'embedder' } })
}
