// biome-ignore lint/suspicious/noControlCharactersInRegex: the range is ASCII itself.
const ASCII_ONLY = /^[\u0000-\u007f]*$/

/** Letters with a case form that JavaScript's conversions, which may lengthen a text, do not give. */
const OTHER_FORMS: ReadonlyMap<string, string> = new Map([
  ['ß', 'ẞ'],
  ['ẞ', 'ß'],
  ['σ', 'ς'],
  ['ς', 'σ'],
  ['Σ', 'ς'],
])

/** Whether SQLite's own case folding, which knows ASCII alone, is enough for a text. */
export function isAscii(text: string): boolean {
  return ASCII_ONLY.test(text)
}

/** A character and its other cases, as far as they are one character each. */
export function caseForms(character: string): string[] {
  const forms = [
    character,
    character.toLowerCase(),
    character.toUpperCase(),
    OTHER_FORMS.get(character) ?? character,
  ]
  return [...new Set(forms)].filter((form) => [...form].length === 1)
}

/** The composed and the decomposed spelling of a text. */
export function spellings(text: string): string[] {
  return [...new Set([text.normalize('NFC'), text.normalize('NFD')])]
}

/** Finds a text in others whatever the case, in either spelling: exactly what SQL finds by the patterns of `substring-pattern.ts`. */
export function substringFinder(part: string): (text: string) => boolean {
  const pattern = patternOf(part, '')
  return (text) => pattern.test(text)
}

/** Finds every place of a text in others, as {@link substringFinder} does. */
export function everySubstring(part: string): RegExp {
  return patternOf(part, 'g')
}

function patternOf(part: string, flags: '' | 'g'): RegExp {
  const source = isAscii(part) ? literally(part) : spellings(part).map(sourceOf).join('|')
  return new RegExp(source, `${flags}${isAscii(part) ? 'i' : 'u'}`)
}

function sourceOf(spelling: string): string {
  return [...spelling].map((character) => `(?:${caseForms(character).map(literally).join('|')})`).join('')
}

function literally(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
}
