/** How SQL looks for a text without regard to case: an operator and the patterns of which one must match. */
export type TextPattern = { readonly operator: 'LIKE' | 'GLOB'; readonly patterns: readonly string[] }

// biome-ignore lint/suspicious/noControlCharactersInRegex: the range is ASCII itself.
const ASCII_ONLY = /^[\u0000-\u007f]*$/

/**
 * The pattern for a substring, every sign of it literal. LIKE (with the escape character `\\`) folds the case of ASCII alone;
 * beyond it a GLOB names both cases of each letter, for the composed and the decomposed spelling.
 */
export function substringPattern(text: string): TextPattern {
  const { operator, patterns } = wholePattern(text)
  const anything = operator === 'LIKE' ? '%' : '*'
  return { operator, patterns: patterns.map((pattern) => `${anything}${pattern}${anything}`) }
}

/** As {@link substringPattern}, for a text that is the whole. */
export function wholePattern(text: string): TextPattern {
  if (ASCII_ONLY.test(text)) return { operator: 'LIKE', patterns: [text.replace(/[\\%_]/g, '\\$&')] }
  const spellings = new Set([text.normalize('NFC'), text.normalize('NFD')])
  return { operator: 'GLOB', patterns: [...spellings].map((spelling) => [...spelling].map(globOf).join('')) }
}

function globOf(character: string): string {
  const cases = new Set([character, character.toLowerCase(), character.toUpperCase()])
  const single = [...cases].filter((form) => [...form].length === 1)
  if (single.length > 1) return `[${single.join('')}]`
  return '*?['.includes(character) ? `[${character}]` : character
}
