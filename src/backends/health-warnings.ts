import { MAX_TITLE_CHARACTERS } from '../model/memory.js'

/** What health says of memories that searches and lists leave out. */
export function unreadableWarning(count: number): string {
  return `${count} memories have properties that are no JSON object (for SQLite; Python also writes NaN): searches and lists leave them out`
}

/** What health says of memories that only another program could have stored so. */
export function outsideLimitsWarning(count: number): string {
  return `${count} memories that other programs stored have an unknown type or a title over ${MAX_TITLE_CHARACTERS} characters`
}
