/*
 * Scripts that are written without spaces between words, and the signs among them: Thai, Lao, Myanmar, Khmer, kana, and Chinese
 * characters. A word of theirs is no word for a tokenizer that cuts at spaces.
 */
const RANGES = [
  '\u0e00-\u0eff',
  '\u1000-\u109f',
  '\u1780-\u17ff',
  '\u2e80-\u9fff',
  '\ua9e0-\ua9ff',
  '\uaa60-\uaa7f',
  '\uf900-\ufaff',
  '\uff66-\uff9f',
  '\u{1aff0}-\u{1b16f}',
  '\u{20000}-\u{3ffff}',
].join('')

/** The pattern by which SQL's GLOB finds texts that hold something of such a script. */
export const UNSPACED_GLOB: string = `*[${RANGES}]*`

const UNSPACED = new RegExp(`[${RANGES}]`, 'u')
const RUN = new RegExp(`[${RANGES}]+|[^${RANGES}]+`, 'gu')
const PART =
  /\p{Script=Han}+|[\p{Script=Katakana}\p{M}ー]+|[\p{Script=Hiragana}\p{M}]+|[^\p{Script=Han}\p{Script=Katakana}\p{Script=Hiragana}]+/gu

/** Whether a text holds something of a script that is written without spaces. */
export function isUnspaced(text: string): boolean {
  return UNSPACED.test(text)
}

/**
 * What to look for of a word of a question that is written without spaces: pairs of Chinese characters, which most Chinese words
 * and many Japanese ones are made of, and of other scripts three characters in a row. Hiragana, in which Japanese writes its
 * grammar, is left out where there is anything else, and so are single characters.
 */
export function gramsOf(word: string): string[] {
  const runs = word.match(RUN) ?? []
  const parts = runs.flatMap((run) => (isUnspaced(run) ? (run.match(PART) ?? []) : []))
  const spaced = runs.filter((run) => !isUnspaced(run))
  const telling = parts.filter((part) => !/^[\p{Script=Hiragana}\p{M}]+$/u.test(part))
  const grams = telling.flatMap(cut).filter((gram) => [...gram].length > 1)
  if (grams.length + spaced.length > 0) return [...spaced, ...grams]
  return telling.length > 0 ? telling : parts.flatMap(cut)
}

function cut(part: string): string[] {
  const characters = [...part]
  const length = /^\p{Script=Han}/u.test(part) ? 2 : 3
  if (characters.length <= length) return [part]
  return characters.slice(length - 1).map((_, at) => characters.slice(at, at + length).join(''))
}
