import { ConfigurationError } from '../errors.js'
import {
  checkOptions,
  IS_COUNT,
  IS_DIMENSIONS,
  IS_FLAG,
  IS_MILLISECONDS,
  IS_MODEL,
  IS_TEXT,
  type OptionCheck,
} from './check-options.js'
import { checkedVectors } from './checked-vectors.js'
import type { Embedder } from './embedder.js'
import { embeddingError } from './embedding-error.js'
import { EmbeddingService } from './embedding-service.js'

/** Options of {@link openAiEmbedder}. */
export type OpenAiEmbedderOptions = {
  /** The model asked for, and the name its vectors are stored under. */
  readonly model: string
  /** Components of its vectors. */
  readonly dimensions: number
  /** Of the API, up to and without `/embeddings`; without credentials. Default is `https://api.openai.com/v1`. */
  readonly url?: string | undefined
  /** Sent as a bearer token; or what gives the one to use now, asked before each request. Kept in memory alone. */
  readonly apiKey?: string | (() => string | Promise<string>) | undefined
  /** Sent too. */
  readonly headers?: Readonly<Record<string, string>> | undefined
  /** Texts of one request. Default is 32. */
  readonly batchSize?: number | undefined
  /** Whether the service is asked for `dimensions` components, which those can that shorten their vectors. Default is false. */
  readonly sendDimensions?: boolean | undefined
  /** Put before each question, and each text that is stored, as some models want. Default is nothing. */
  readonly queryPrefix?: string | undefined
  readonly documentPrefix?: string | undefined
  /** How long one call may take, with all its attempts, in milliseconds. Default is 30,000. */
  readonly timeoutMs?: number | undefined
}

const DEFAULT_URL = 'https://api.openai.com/v1'
const DEFAULT_TIMEOUT_MS = 30_000
/** What a component takes in an answer at the most, with white space, and what there may be besides. */
const COMPONENT_BYTES = 64
const BYTES_BESIDES = 1_000_000

const IS_KEY: OptionCheck = [
  (value) => typeof value === 'function' || isHeaderText(value),
  'a key, text without spaces that is not empty, or a function that gives one',
]
const IS_HEADERS: OptionCheck = [
  (value) =>
    typeof value === 'object' &&
    value !== null &&
    Object.values(value).every((one) => typeof one === 'string'),
  'an object of names and texts',
]
const CHECKS: Readonly<Record<keyof OpenAiEmbedderOptions, OptionCheck>> = {
  model: IS_MODEL,
  dimensions: IS_DIMENSIONS,
  url: [isServiceUrl, 'an http: or https: URL without credentials, such as "http://localhost:11434/v1"'],
  apiKey: IS_KEY,
  headers: IS_HEADERS,
  batchSize: IS_COUNT,
  sendDimensions: IS_FLAG,
  queryPrefix: IS_TEXT,
  documentPrefix: IS_TEXT,
  timeoutMs: IS_MILLISECONDS,
}

/**
 * An embedder over HTTP, in the protocol of OpenAI's `/embeddings`, which Ollama, LM Studio, vLLM and others speak too. What is
 * refused for a while (429, 5xx), or not answered, is tried again within the time; redirects are not followed.
 *
 * @throws `MG_CONFIGURATION` · from `embed()`: `MG_EMBEDDING`, with the status where there was an answer, never with the key
 */
export function openAiEmbedder(options: OpenAiEmbedderOptions): Embedder {
  checkOptions('openAiEmbedder', options, CHECKS, ['model', 'dimensions'])
  const { model, dimensions, batchSize, sendDimensions = false } = options
  const { queryPrefix = '', documentPrefix = '', apiKey } = options
  const service = new EmbeddingService({
    url: endpointOf(options.url ?? DEFAULT_URL),
    model,
    headers: options.headers ?? {},
    apiKey: typeof apiKey === 'function' ? () => keyOf(apiKey) : async () => apiKey,
    timeoutMs: options.timeoutMs ?? DEFAULT_TIMEOUT_MS,
  })
  return {
    model,
    dimensions,
    batchSize,
    embed: async (texts, { signal, purpose }) => {
      if (texts.length === 0) return []
      const prefix = purpose === 'query' ? queryPrefix : documentPrefix
      const answer = await service.post(
        {
          model,
          input: texts.map((text) => prefix + text),
          encoding_format: 'float',
          ...(sendDimensions && { dimensions }),
        },
        BYTES_BESIDES + texts.length * (dimensions + 1) * COMPONENT_BYTES,
        signal,
      )
      return checkedVectors(inOrder(answer, model), texts.length, { model, dimensions })
    },
  }
}

/** The vectors of an answer in the order of the texts, which the service need not keep. */
function inOrder(answer: unknown, model: string): unknown[] {
  const data = (answer as { data?: unknown } | null)?.data
  if (!Array.isArray(data)) throw fault(model, 'answered without a list "data"')
  const vectors: unknown[] = []
  for (const [position, entry] of data.entries()) {
    const { index = position, embedding } = (entry ?? {}) as { index?: unknown; embedding?: unknown }
    const isNew = typeof index === 'number' && index >= 0 && index < data.length && !(index in vectors)
    if (!isNew) throw fault(model, 'answered with an "index" that is no text\'s, or one text\'s twice')
    vectors[index] = embedding
  }
  return vectors
}

async function keyOf(source: () => string | Promise<string>): Promise<string> {
  const key: unknown = await source()
  if (isHeaderText(key)) return key
  throw new ConfigurationError(
    'The function apiKey gave no key: it must give text without spaces that is not empty',
  )
}

function isHeaderText(value: unknown): value is string {
  return typeof value === 'string' && /^[\x21-\x7e]+$/.test(value)
}

function isServiceUrl(value: unknown): boolean {
  if (typeof value !== 'string' || !URL.canParse(value)) return false
  const { protocol, username, password } = new URL(value)
  return /^https?:$/.test(protocol) && username === '' && password === ''
}

function endpointOf(base: string): URL {
  const url = new URL(base)
  url.pathname = `${url.pathname.replace(/\/+$/, '')}/embeddings`
  return url
}

function fault(model: string, what: string): Error {
  return embeddingError(`The service of "${model}" ${what}`, { model })
}
