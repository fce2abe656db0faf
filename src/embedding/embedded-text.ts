import { createHash } from 'node:crypto'
import type { Memory } from '../model/memory.js'

/** Characters of a text that are embedded, in UTF-16 units: about what models take, few enough that a batch is no burden. */
export const MAX_EMBEDDED_CHARACTERS = 8_000
const DIGEST_CHARACTERS = 16

/**
 * The text of a memory that its vector is made of: title, summary, content and tags, each on a line of its own. At the limit it is the
 * content that is cut.
 */
export function embeddedTextOf({
  title,
  summary,
  content,
  tags,
}: Pick<Memory, 'title' | 'summary' | 'content' | 'tags'>): string {
  const [before, after] = [[title, summary ?? ''], tags.join(', ')]
  const room = Math.max(0, MAX_EMBEDDED_CHARACTERS - [...before, '', after].join('\n').length)
  const parts = [...before, content.slice(0, room).toWellFormed(), after]
  return cutText(parts.filter((part) => part.trim() !== '').join('\n'))
}

/** The beginning of a text, as much of it as is embedded. */
export function cutText(text: string): string {
  return text.slice(0, MAX_EMBEDDED_CHARACTERS).toWellFormed()
}

/** What tells one text from another: the first 16 hexadecimal digits of its SHA-256. */
export function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, DIGEST_CHARACTERS)
}
