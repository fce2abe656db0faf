import { caseForms, isAscii, spellings } from './case-forms.js'

/** How SQL looks for a text without regard to case: an operator and the patterns of which one must match. */
export type TextPattern = { readonly operator: 'LIKE' | 'GLOB'; readonly patterns: readonly string[] }

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
  if (isAscii(text)) return { operator: 'LIKE', patterns: [text.replace(/[\\%_]/g, '\\$&')] }
  return { operator: 'GLOB', patterns: spellings(text).map((spelling) => [...spelling].map(globOf).join('')) }
}

function globOf(character: string): string {
  const forms = caseForms(character)
  if (forms.length > 1) return `[${forms.join('')}]`
  return '*?['.includes(character) ? `[${character}]` : character
}
