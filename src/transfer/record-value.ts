/** Whether a value is an object with named members. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The id of an entry, if it has one that is text. */
export function idOf(entry: unknown): string | null {
  return isRecord(entry) && typeof entry['id'] === 'string' ? entry['id'] : null
}

/** Characters of the contents that a memory or a node holds, its earlier versions among them. */
export function charactersOf(value: unknown): number {
  if (!isRecord(value)) return 0
  const { content, properties, history } = value
  if (typeof content === 'string') return content.length
  const earlier = Array.isArray(history)
    ? history.reduce((sum, version) => sum + charactersOf(version), 0)
    : 0
  return charactersOf(properties) + earlier
}
