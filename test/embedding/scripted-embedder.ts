import type { Embedder } from '../../src/index.js'

type Made = Awaited<ReturnType<Embedder['embed']>>
type Behaviour = (texts: readonly string[], options: Parameters<Embedder['embed']>[1]) => Promise<Made> | Made

/** An embedder that does as it is told, and notes what it was asked. Unless told otherwise, its vectors are the lengths of texts. */
export class ScriptedEmbedder implements Embedder {
  readonly model: string
  readonly dimensions = 2
  readonly calls: (readonly string[])[] = []
  batchSize: number | undefined
  behave: Behaviour = lengths

  constructor(model: string = 'scripted', behave: Behaviour = lengths) {
    this.model = model
    this.behave = behave
  }

  /** All texts it was asked for. */
  get texts(): string[] {
    return this.calls.flat()
  }

  async embed(texts: readonly string[], options: Parameters<Embedder['embed']>[1]): Promise<Made> {
    this.calls.push(texts)
    return this.behave(texts, options)
  }
}

/** A vector that tells texts of different lengths apart. */
export function lengths(texts: readonly string[]): number[][] {
  return texts.map((text) => [1, text.length])
}

/** Never answers, and heeds no signal. */
export function hangs(): Promise<never> {
  return new Promise(() => undefined)
}

/** Answers where no text holds a word. */
export function failsFor(word: string): Behaviour {
  return (texts) => {
    if (texts.some((text) => text.includes(word))) throw new Error(`I do not like "${word}"`)
    return lengths(texts)
  }
}
