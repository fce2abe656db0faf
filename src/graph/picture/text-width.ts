/** Widths of Helvetica, which Arial and Liberation Sans share, in thousandths of the font size. */
const CHARACTERS_BY_WIDTH: readonly (readonly [width: number, characters: string])[] = [
  [191, "'"],
  [222, 'ijl'],
  [260, '|'],
  [278, ' !,./:;I[\\]ft'],
  [333, '()-`r'],
  [334, '{}'],
  [355, '"'],
  [389, '*'],
  [469, '^'],
  [500, 'Jckvsxyz'],
  [556, '#$0123456789?L_abdeghnopqu'],
  [584, '+<=>~'],
  [611, 'FTZ'],
  [667, '&ABEKPSVXY'],
  [722, 'CDHNRUw'],
  [778, 'GOQ'],
  [833, 'Mm'],
  [889, '%'],
  [944, 'W'],
  [1000, '…'],
  [1015, '@'],
]

const WIDTHS: ReadonlyMap<string, number> = new Map(
  CHARACTERS_BY_WIDTH.flatMap(([width, characters]) =>
    [...characters].map((character) => [character, width]),
  ),
)

const WIDE =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3000-\u303f\uff00-\uff60]/u
const PICTOGRAPH = /\p{Extended_Pictographic}|\p{Regional_Indicator}/u
const NARROW = /[\p{M}\p{Cf}]/u
const GREATEST_CHARACTERS = 1_000
const BOLD = 1.07

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' })

/** How wide a line of text is about, in pixels. */
export function textWidth(text: string, fontSize: number, isBold = false): number {
  let width = 0
  for (const character of text) width += widthOf(character)
  return (width * fontSize * (isBold ? BOLD : 1)) / 1000
}

function widthOf(character: string): number {
  const known = WIDTHS.get(character)
  if (known !== undefined) return known
  if (NARROW.test(character)) return 0
  if (PICTOGRAPH.test(character)) return 1250
  return WIDE.test(character) ? 1000 : 640
}

/** The text, or as much of its start as has room, followed by an ellipsis. */
export function shortenedTo(text: string, width: number, fontSize: number, isBold = false): string {
  if (text.length <= GREATEST_CHARACTERS && textWidth(text, fontSize, isBold) <= width) return text
  const room = width - textWidth('…', fontSize, isBold)
  let kept = ''
  let used = 0
  for (const { segment } of graphemes.segment(text.slice(0, GREATEST_CHARACTERS))) {
    used += textWidth(segment, fontSize, isBold)
    if (used > room) break
    kept += segment
  }
  return `${kept.trimEnd()}…`
}

/** After which a line may end: a blank; in a word that is too long, what joins its parts. */
const AFTER_WORD = /(?<= )/
const IN_WORD = /(?<=[ \-/_.:,(])/

/** The text in lines that are not wider than that, of which the last is shortened where there are too many. */
export function wrapped(
  text: string,
  width: number,
  fontSize: number,
  lines: number,
  isBold = false,
): string[] {
  const start = text.slice(0, GREATEST_CHARACTERS)
  const fits = (line: string): boolean => textWidth(line.trimEnd(), fontSize, isBold) <= width
  if (lines === 1 || fits(start)) return [shortenedTo(text, width, fontSize, isBold)]
  const words = start.split(AFTER_WORD)
  const parts = fits(words[0] ?? '') ? words : start.split(IN_WORD)
  const end = parts.findIndex((_, at) => !fits(parts.slice(0, at + 1).join('')))
  const first = parts.slice(0, Math.max(end, 1)).join('')
  const rest = text.slice(first.length).trimStart()
  const head = shortenedTo(first.trimEnd(), width, fontSize, isBold)
  return rest === '' ? [head] : [head, ...wrapped(rest, width, fontSize, lines - 1, isBold)]
}
