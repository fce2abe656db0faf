import { ConfigurationError } from '../errors.js'
import {
  checkOptions,
  IS_COUNT,
  IS_DIMENSIONS,
  IS_FLAG,
  IS_FUNCTION,
  IS_MODEL,
  IS_TEXT,
  type OptionCheck,
} from './check-options.js'
import type { Embedder } from './embedder.js'
import { embeddingError, reasonOf } from './embedding-error.js'

/** Options of {@link transformersEmbedder}. */
export type TransformersEmbedderOptions = {
  /** A model in ONNX, on the Hugging Face hub or in a folder. Default is `Xenova/all-MiniLM-L6-v2`, of 384 dimensions. */
  readonly model?: string | undefined
  /** Components of its vectors. Needed with `model`. */
  readonly dimensions?: number | undefined
  /** How the vectors of a text's tokens become one: as the model's card says. Default is `mean`. */
  readonly pooling?: 'mean' | 'cls' | 'last_token' | undefined
  /** Texts at once. Default is 32. */
  readonly batchSize?: number | undefined
  /** Put before each question, and each text that is stored, as some models want. Default is nothing. */
  readonly queryPrefix?: string | undefined
  readonly documentPrefix?: string | undefined
  /** Handed to the library's `pipeline()`: the precision (`q8`), where it runs, and whether it may download. */
  readonly dtype?: string | undefined
  readonly device?: string | undefined
  readonly localFilesOnly?: boolean | undefined
  /** Gives the library. Default imports `@huggingface/transformers`. */
  readonly load?: (() => Promise<unknown>) | undefined
}

type Tensor = { readonly dims: readonly number[]; readonly data: ArrayLike<number> }
type Extractor = (
  texts: readonly string[],
  options: { readonly pooling: string; readonly normalize: boolean },
) => Promise<Tensor>
type Library = { pipeline(task: string, model: string, options: object): Promise<Extractor> }

const PACKAGE = '@huggingface/transformers'
const DEFAULT_MODEL = 'Xenova/all-MiniLM-L6-v2'
const DEFAULT_DIMENSIONS = 384
const POOLINGS: readonly unknown[] = ['mean', 'cls', 'last_token']

const CHECKS: Readonly<Record<keyof TransformersEmbedderOptions, OptionCheck>> = {
  model: IS_MODEL,
  dimensions: IS_DIMENSIONS,
  pooling: [(value) => POOLINGS.includes(value), `one of ${POOLINGS.join(', ')}`],
  batchSize: IS_COUNT,
  queryPrefix: IS_TEXT,
  documentPrefix: IS_TEXT,
  dtype: IS_TEXT,
  device: IS_TEXT,
  localFilesOnly: IS_FLAG,
  load: IS_FUNCTION,
}

/**
 * An embedder in this process: a model in ONNX, run by `@huggingface/transformers`, which the application installs. Library and
 * model are loaded, and the model downloaded if it is not there, when the first text is embedded.
 *
 * @throws `MG_CONFIGURATION` · from `embed()`: `MG_CONFIGURATION` the library is not installed · `MG_EMBEDDING`
 */
export function transformersEmbedder(options: TransformersEmbedderOptions = {}): Embedder {
  const required = options?.model === undefined ? [] : ['dimensions']
  checkOptions('transformersEmbedder', options, CHECKS, required)
  const { model = DEFAULT_MODEL, dimensions = DEFAULT_DIMENSIONS, batchSize } = options
  const { pooling = 'mean', queryPrefix = '', documentPrefix = '' } = options
  let loading: Promise<Extractor> | null = null
  const load = (): Promise<Extractor> => {
    loading ??= extractorOf(model, options).catch((error: unknown) => {
      loading = null // what was not there may be there the next time
      throw error
    })
    return loading
  }
  return {
    model,
    dimensions,
    batchSize,
    embed: async (texts, { signal, purpose }) => {
      if (texts.length === 0) return []
      const extract = await load()
      signal.throwIfAborted()
      const prefix = purpose === 'query' ? queryPrefix : documentPrefix
      return rowsOf(
        await extract(
          texts.map((text) => prefix + text),
          { pooling, normalize: true },
        ),
        model,
      )
    },
  }
}

async function extractorOf(model: string, options: TransformersEmbedderOptions): Promise<Extractor> {
  const { dtype, device, localFilesOnly: local_files_only, load = importLibrary } = options
  const given = Object.entries({ dtype, device, local_files_only }).filter(([, value]) => value !== undefined)
  const library = (await load()) as Library
  try {
    return await library.pipeline('feature-extraction', model, Object.fromEntries(given))
  } catch (cause) {
    throw embeddingError(
      `The model "${model}" cannot be loaded (${reasonOf(cause)}): is it there, in ONNX?`,
      {
        model,
        isUnavailable: true,
        cause,
      },
    )
  }
}

async function importLibrary(): Promise<unknown> {
  try {
    return await import(PACKAGE)
  } catch (cause) {
    throw new ConfigurationError(
      `transformersEmbedder() needs the package ${PACKAGE}, which cannot be loaded: npm i ${PACKAGE}`,
      { details: { package: PACKAGE }, cause },
    )
  }
}

function rowsOf({ dims, data }: Tensor, model: string): Float32Array[] {
  const [count = 0, width = 0, ...more] = dims
  if (more.length > 0 || data.length !== count * width) {
    throw embeddingError(`The model "${model}" made no vector for each text: choose another pooling`, {
      model,
    })
  }
  const values = Float32Array.from(data)
  return Array.from({ length: count }, (_, row) => values.slice(row * width, (row + 1) * width))
}
