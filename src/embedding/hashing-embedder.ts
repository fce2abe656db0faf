import { setImmediate as nextTurn } from 'node:timers/promises'
import { isStopWord } from '../search/stop-words.js'
import { stemOf, wordsOf } from '../search/words.js'
import { checkOptions, IS_DIMENSIONS } from './check-options.js'
import type { Embedder } from './embedder.js'

/** Options of {@link hashingEmbedder}. */
export type HashingEmbedderOptions = {
  /** Components of each vector. Default is 384. */
  readonly dimensions?: number | undefined
}

const DEFAULT_DIMENSIONS = 384
/** Changes with what is made of a text, since vectors of both kinds must not be compared. */
const VERSION = 'v1'
const BATCH_SIZE = 100
/** What a word counts for, and the pieces of its spelling together. */
const WORD_WEIGHT = 1
const SPELLING_WEIGHT = 0.7
/** Scripts that put no spaces between words: what looks like a word is a whole clause, and two characters say as much as one. */
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u
const TURN_MS = 8
/** The words of a text find what it shares with others better, but for those that are spelled otherwise. */
const RECALL_WEIGHT = 0.1

/**
 * An embedder without a model: the words of a text, by their stems, and the pieces they are spelled of, hashed into a vector. It
 * finds shared words and spellings, not meaning; "car" and "automobile" have nothing in common for it. Always the same, offline, in
 * this process, some thousands of texts a second.
 *
 * @throws `MG_CONFIGURATION`
 */
export function hashingEmbedder(options: HashingEmbedderOptions = {}): Embedder {
  checkOptions('hashingEmbedder', options, { dimensions: IS_DIMENSIONS })
  const { dimensions = DEFAULT_DIMENSIONS } = options
  return {
    model: `hashing-${dimensions}-${VERSION}`,
    dimensions,
    batchSize: BATCH_SIZE,
    recallWeight: RECALL_WEIGHT,
    embed: async (texts, { signal }) => {
      const vectors: Float32Array[] = []
      let turnBegan = performance.now()
      for (const text of texts) {
        signal.throwIfAborted()
        vectors.push(hashedVector(text, dimensions))
        if (performance.now() - turnBegan < TURN_MS) continue
        await nextTurn()
        turnBegan = performance.now()
      }
      return vectors
    },
  }
}

function hashedVector(text: string, dimensions: number): Float32Array {
  const sums = new Float64Array(dimensions)
  for (const [feature, weight] of featuresOf(text)) {
    const hash = hashOf(feature)
    const at = hash % dimensions
    sums[at] = (sums[at] ?? 0) + (hash & 0x8000_0000 ? -weight : weight)
  }
  const length = Math.sqrt(sums.reduce((sum, value) => sum + value * value, 0))
  if (length > 0) return Float32Array.from(sums, (value) => value / length)
  const vector = new Float32Array(dimensions) // all took each other away: any direction that is this text's own
  vector[hashOf(text) % dimensions] = 1
  return vector
}

/** What a text is made of, and how much each counts: by the logarithm of how often it occurs. */
function featuresOf(text: string): Map<string, number> {
  const counts = new Map<string, number>()
  for (const word of tellingWords(text)) counts.set(word, (counts.get(word) ?? 0) + 1)
  const features = new Map<string, number>()
  const add = (feature: string, weight: number): void => {
    features.set(feature, (features.get(feature) ?? 0) + weight)
  }
  for (const [word, count] of counts) {
    const weight = 1 + Math.log(count)
    if (UNSPACED.test(word)) {
      for (const pair of piecesOf(word, 2)) add(`pair ${pair}`, WORD_WEIGHT * weight)
      continue
    }
    add(`word ${stemOf(word)}`, WORD_WEIGHT * weight)
    const pieces = piecesOf(`^${word}$`, 3)
    for (const piece of pieces) add(`piece ${piece}`, (SPELLING_WEIGHT * weight) / Math.sqrt(pieces.length))
  }
  return features
}

/** The words that tell texts apart; all where there are no others, and the text itself where there are none. */
function tellingWords(text: string): string[] {
  const words = wordsOf(text)
  if (words.length === 0) return [text.trim()]
  const telling = words.filter((word) => !isStopWord(word))
  return telling.length > 0 ? telling : words
}

/** Each run of so many characters; a shorter text is one. */
function piecesOf(text: string, length: number): string[] {
  const characters = [...text]
  const count = Math.max(1, characters.length - length + 1)
  return Array.from({ length: count }, (_, at) => characters.slice(at, at + length).join(''))
}

/** FNV-1a over UTF-16 units, mixed so that its highest bit and its remainder have nothing to do with each other. */
function hashOf(text: string): number {
  let hash = 0x811c_9dc5
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x0100_0193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85eb_ca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2_ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}
