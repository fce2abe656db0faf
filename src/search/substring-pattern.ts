/** How SQL looks for a substring without regard to case: an operator and the patterns of which one must match. */
export type SubstringPattern = { readonly operator: 'LIKE' | 'GLOB'; readonly patterns: readonly string[] }

// biome-ignore lint/suspicious/noControlCharactersInRegex: the range is ASCII itself.
const ASCII_ONLY = /^[\u0000-\u007f]*$/

/**
 * The pattern for a text taken literally. LIKE (with the escape character `\`) folds the case of ASCII alone; beyond it a
 * GLOB names both cases of each letter, for the composed and the decomposed spelling.
 */
export function substringPattern(text: string): SubstringPattern {
  if (ASCII_ONLY.test(text)) {
    return { operator: 'LIKE', patterns: [`%${text.replace(/[\\%_]/g, '\\$&')}%`] }
  }
  const spellings = new Set([text.normalize('NFC'), text.normalize('NFD')])
  return {
    operator: 'GLOB',
    patterns: [...spellings].map((spelling) => `*${[...spelling].map(globOf).join('')}*`),
  }
}

function globOf(character: string): string {
  const cases = new Set([character, character.toLowerCase(), character.toUpperCase()])
  const single = [...cases].filter((form) => [...form].length === 1)
  if (single.length > 1) return `[${single.join('')}]`
  return '*?['.includes(character) ? `[${character}]` : character
}
