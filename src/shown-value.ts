const MAX_SHOWN = 40

/**
 * A value as an error may repeat it. It may be a secret in the wrong place, so that of what may be a URL only the scheme is
 * left, and of other text the first characters.
 */
export function shownValue(value: unknown): unknown {
  if (value === null || value === undefined || typeof value === 'boolean' || Number.isFinite(value))
    return value
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'number') return String(value)
  if (typeof value !== 'string') return `a value of type ${typeof value}`
  if (/[:@?]/.test(value)) return `${/^[a-z][a-z0-9+.-]{0,30}:/i.exec(value)?.[0] ?? ''}…`
  return value.length <= MAX_SHOWN ? value : `${value.slice(0, MAX_SHOWN - 1)}…`.toWellFormed()
}
