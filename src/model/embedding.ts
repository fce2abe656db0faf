import * as z from 'zod'
import { boundedText, id, strictObject } from './validation.js'

/** Most components of a vector. */
export const MAX_DIMENSIONS = 16_000
/** Longest name of a model, in characters. */
export const MAX_MODEL_CHARACTERS = 255
const MAX_DIGEST_CHARACTERS = 255
/** Lengths of vectors whose cosine can be worked out with 32-bit floats. */
const LEAST_LENGTH = 1e-9
const GREATEST_LENGTH = 1e9

/** A vector that stands for a node's text, as one model makes it. */
export type EmbeddingInput = {
  /** The node. */
  readonly id: string
  /** The model that made the vector; vectors of different models are never compared. All of one model have as many components. */
  readonly model: string
  /** 1 to 16,000 finite numbers, kept as 32-bit floats. Its length counts for nothing, and is between 1e-9 and 1e9. */
  readonly vector: readonly number[] | Float32Array
  /**
   * A digest of the text that an embedder made the vector of, as {@link Embedding} has it: the embedder of the model then makes a
   * new one when the text is another. Default is none: the caller keeps the vector current.
   */
  readonly digest?: string | null | undefined
}

/** A stored embedding. */
export type Embedding = {
  id: string
  model: string
  vector: Float32Array
  /** Of the text that an embedder made the vector of; `null` where the caller keeps it current. */
  digest: string | null
}

/** A checked embedding, whose vector is a copy. */
export type CheckedEmbedding = Readonly<Embedding>

/** The name of a model. */
export const modelName: z.ZodType<string> = boundedText(MAX_MODEL_CHARACTERS).min(1, 'must not be empty')

/** A vector of finite numbers that has a direction and can be compared; what comes out is a copy. */
export const vector: z.ZodType<Float32Array> = z.unknown().transform((value, context): Float32Array => {
  const checked = checkedVector(value)
  if (typeof checked !== 'string') return checked
  context.addIssue({ code: 'custom', message: checked })
  return z.NEVER
})

/** Which of the vectors of nodes are meant: those of one model, or of all. */
export const embeddingModelSchema: z.ZodType<string | null> = modelName
  .nullish()
  .transform((name) => name ?? null)

/** Options of `deleteEmbeddings`. */
export const deleteEmbeddingsSchema: z.ZodType<{ model: string | null }> = strictObject({
  model: embeddingModelSchema,
})

/** One entry of `setEmbeddings`. */
export const embeddingSchema: z.ZodType<CheckedEmbedding> = strictObject({
  id,
  model: modelName,
  vector,
  digest: boundedText(MAX_DIGEST_CHARACTERS)
    .min(1, 'must not be empty')
    .nullish()
    .transform((digest) => digest ?? null),
})

/** The vector as 32-bit floats, or what is wrong with it. */
export function checkedVector(value: unknown): Float32Array | string {
  const isList = Array.isArray(value) || value instanceof Float32Array || value instanceof Float64Array
  if (!isList) return 'must be an array of numbers or a Float32Array'
  if (value.length === 0) return 'must not be empty'
  if (value.length > MAX_DIMENSIONS) return `must have at most ${MAX_DIMENSIONS} components`
  const copy = new Float32Array(value.length)
  let squares = 0
  for (let at = 0; at < value.length; at++) {
    const component: unknown = value[at]
    if (typeof component !== 'number') return `must hold only numbers (component ${at} is none)`
    copy[at] = component
    const stored = copy[at] as number
    if (!Number.isFinite(stored))
      return `must hold only finite numbers that fit 32 bits (component ${at} is ${component})`
    squares += stored * stored
  }
  if (squares === 0) return 'must not be all zero: such a vector has no direction'
  const length = Math.sqrt(squares)
  if (length >= LEAST_LENGTH && length <= GREATEST_LENGTH) return copy
  return `must have a length between ${LEAST_LENGTH} and ${GREATEST_LENGTH}, not ${length}: scale it, since only its direction counts`
}
