import type { Embedder } from '../embedding/embedder.js'
import { hashingEmbedder } from '../embedding/hashing-embedder.js'
import { openAiEmbedder } from '../embedding/open-ai-embedder.js'
import { transformersEmbedder } from '../embedding/transformers-embedder.js'
import { ConfigurationError } from '../errors.js'
import { COUNT, type Environment, oneOf, readVariable, setOnes, TEXT } from './read-variable.js'

/** Variable that says which embedder there is. */
export const EMBEDDER = 'MEMORY_EMBEDDER'
const EMBEDDERS = ['none', 'openai', 'transformers', 'hashing'] as const

const URL_OF = 'MEMORY_EMBEDDING_URL'
const MODEL = 'MEMORY_EMBEDDING_MODEL'
const DIMENSIONS = 'MEMORY_EMBEDDING_DIMENSIONS'
const API_KEY = 'MEMORY_EMBEDDING_API_KEY'
/** Every program of OpenAI's has it: it counts for OpenAI's own service alone, so that it goes nowhere else. */
const OPENAI_API_KEY = 'OPENAI_API_KEY'

/** OpenAI's models and how many components their vectors have; the first one is the default. */
const OPENAI_MODELS: ReadonlyMap<string, number> = new Map([
  ['text-embedding-3-small', 1536],
  ['text-embedding-3-large', 3072],
  ['text-embedding-ada-002', 1536],
])
const [DEFAULT_OPENAI_MODEL = ''] = OPENAI_MODELS.keys()

type Kind = (typeof EMBEDDERS)[number]

/** The variables that mean something to each embedder. */
const USED: Readonly<Record<Kind, readonly string[]>> = {
  none: [],
  openai: [URL_OF, MODEL, DIMENSIONS, API_KEY],
  transformers: [MODEL, DIMENSIONS],
  hashing: [DIMENSIONS],
}

/**
 * The embedder that the environment asks for, if for any, and the variables that have no effect. Loads nothing and asks nobody.
 *
 * @throws `MG_CONFIGURATION` a variable has a value it cannot have, or one is missing
 */
export function embedderSettings(env: Environment): {
  readonly embedder: Embedder | undefined
  readonly ignored: readonly string[]
} {
  const kind = readVariable(env, [EMBEDDER], oneOf(EMBEDDERS)) ?? 'none'
  const dimensions = readVariable(env, [DIMENSIONS], COUNT)
  const ignored = setOnes(env, USED.openai).filter((name) => !USED[kind].includes(name))
  try {
    return { embedder: embedderOf(kind, env, dimensions), ignored }
  } catch (error) {
    throw named(error)
  }
}

function embedderOf(kind: Kind, env: Environment, dimensions: number | undefined): Embedder | undefined {
  if (kind === 'hashing') return hashingEmbedder({ dimensions })
  if (kind === 'openai') return serviceOf(env, dimensions)
  if (kind === 'none') return undefined
  const model = readVariable(env, [MODEL], TEXT)
  if (model !== undefined && dimensions === undefined) throw missing(DIMENSIONS, `of ${MODEL}`)
  return transformersEmbedder({ model, dimensions })
}

function serviceOf(env: Environment, given: number | undefined): Embedder {
  const url = readVariable(env, [URL_OF], TEXT)
  const isOpenAi = url === undefined
  const model = readVariable(env, [MODEL], TEXT) ?? (isOpenAi ? DEFAULT_OPENAI_MODEL : undefined)
  if (model === undefined) throw missing(MODEL, `of the service at ${URL_OF}`)
  const known = isOpenAi ? OPENAI_MODELS.get(model) : undefined
  const dimensions = given ?? known
  if (dimensions === undefined) throw missing(DIMENSIONS, `of ${MODEL}`)
  const apiKey = readVariable(env, isOpenAi ? [API_KEY, OPENAI_API_KEY] : [API_KEY], TEXT)
  if (isOpenAi && apiKey === undefined) throw missing(API_KEY, `or ${OPENAI_API_KEY}, for OpenAI`)
  // A model that can shorten its vectors is asked to where other than its own number is wanted.
  const sendDimensions = known !== undefined && dimensions !== known
  return openAiEmbedder({ url, model, dimensions, apiKey, sendDimensions })
}

const VARIABLES: Readonly<Record<string, string>> = {
  url: URL_OF,
  model: MODEL,
  dimensions: DIMENSIONS,
  apiKey: API_KEY,
}

/** The same fault, in terms of the variable that has it. */
function named(error: unknown): unknown {
  if (!(error instanceof ConfigurationError)) return error
  const variable = VARIABLES[String(error.details['option'])]
  if (variable === undefined) return error
  return new ConfigurationError(`Invalid value of ${variable}: ${error.message}`, { details: { variable } })
}

function missing(variable: string, what: string): ConfigurationError {
  return new ConfigurationError(`${EMBEDDER} needs ${variable} ${what}: set it`, { details: { variable } })
}
