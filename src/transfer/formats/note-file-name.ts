import { createHash } from 'node:crypto'

const MAX_TITLE_BYTES = 100
/** Digits of the id's hash that a name has, and how many when another note has that name already. */
export const NOTE_NAME_DIGITS = [8, 64] as const

/**
 * The name of a memory's Markdown file: what a reader needs to know the title by, and digits of the id's hash, so that no id or
 * title can lead out of a folder, be too long, or be a name that some system keeps for itself. It is in lower case, since some
 * systems take names that differ in case alone for one.
 */
export function noteFileName(
  memory: { readonly id: string; readonly title: string },
  digits: number,
): string {
  const hash = createHash('sha256').update(memory.id).digest('hex').slice(0, digits)
  return `${slugOf(memory.title)}_${hash}.md`
}

function slugOf(title: string): string {
  const words = title
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, '-')
    .replace(/^-+/, '')
  return cut(words).replace(/-+$/, '') || 'memory'
}

function cut(text: string): string {
  let bytes = 0
  let length = 0
  for (const character of text) {
    bytes += Buffer.byteLength(character)
    if (bytes > MAX_TITLE_BYTES) break
    length += character.length
  }
  return text.slice(0, length)
}
