/** What a text is embedded for: some models want to be told. */
export type EmbeddingPurpose = 'document' | 'query'

/** Turns texts into vectors: a model in this process, or a service. Adapters are in this folder; anything of this shape will do. */
export interface Embedder {
  /** The name its vectors are stored under. A model that makes other vectors must have another name. */
  readonly model: string
  /** Components of each vector. */
  readonly dimensions: number
  /** Texts it is given at once, at most. Default is 32. */
  readonly batchSize?: number | undefined
  /** How much nearness counts in recalls beside the words of the text, 0 to 100. Default is 1. */
  readonly recallWeight?: number | undefined
  /**
   * A vector for each text, in order.
   *
   * @param options.signal ends the work; what hangs all the same is left behind
   */
  embed(
    texts: readonly string[],
    options: { readonly signal: AbortSignal; readonly purpose: EmbeddingPurpose },
  ): Promise<readonly (readonly number[] | Float32Array)[]>
}
