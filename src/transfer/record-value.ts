/** Whether a value is an object with named members. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The id of an entry, if it has one that is text. */
export function idOf(entry: unknown): string | null {
  return isRecord(entry) && typeof entry['id'] === 'string' ? entry['id'] : null
}
