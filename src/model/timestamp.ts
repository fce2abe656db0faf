/**
 * Time as this library writes it: UTC, microseconds, `YYYY-MM-DDTHH:MM:SS.ffffff+00:00`.
 * Two such strings compare as text in the order of the instants they name.
 */
export type Timestamp = string

const CANONICAL = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{6}\+00:00$/

// What Python's datetime.fromisoformat() accepts of dates by month and day, with any offset.
const ISO_8601 =
  /^(\d{4})-?(\d{2})-?(\d{2})(?:[T ](\d{2})(?::?(\d{2})(?::?(\d{2})(?:[.,](\d{1,9}))?)?)?(Z|[+-]\d{2}(?::?\d{2}(?::?\d{2}(?:\.\d+)?)?)?)?)?$/i

const MICROSECONDS_A_MINUTE = 60_000_000
const EARLIEST = Date.parse('0001-01-01T00:00:00Z')
const END = Date.UTC(10_000, 0, 1)

let lastMicroseconds = 0

/** The present instant; strictly later than the one this process was given before. */
export function now(): Timestamp {
  lastMicroseconds = Math.max(Date.now() * 1000, lastMicroseconds + 1)
  return fromMicroseconds(lastMicroseconds)
}

/** The instant this many days before the present one. */
export function daysAgo(days: number): Timestamp {
  return fromMicroseconds(Math.max(Date.now() - days * 86_400_000, EARLIEST) * 1000)
}

/**
 * Brings a `Date`, or ISO 8601 text with any offset (none means UTC), into the canonical form.
 * Digits beyond microseconds are cut off. `null` when it is no instant between the years 1 and 9999.
 */
export function toTimestamp(value: unknown): Timestamp | null {
  if (typeof value === 'string')
    return CANONICAL.test(value) && isCalendarDate(value) ? value : parseIso(value)
  if (!(value instanceof Date)) return null
  const milliseconds = value.getTime()
  return inRange(milliseconds) ? fromMicroseconds(milliseconds * 1000) : null
}

function parseIso(text: string): Timestamp | null {
  const match = ISO_8601.exec(text.trim())
  if (!match) return null
  const [, year, month, day, hour = '00', minute = '00', second = '00', fraction = '', zone = 'Z'] = match
  const seconds = `${year}-${month}-${day}T${hour}:${minute}:${second}`
  const milliseconds = Date.parse(`${seconds}Z`)
  if (Number.isNaN(milliseconds) || !isCalendarDate(seconds)) return null
  const microseconds = milliseconds * 1000 + Number(fraction.slice(0, 6).padEnd(6, '0'))
  const offset = offsetMicroseconds(zone)
  return inRange((microseconds - offset) / 1000) ? fromMicroseconds(microseconds - offset) : null
}

// Date.parse() rolls 30 February over to March, and takes 24:00:00.
function isCalendarDate(text: string): boolean {
  const seconds = text.slice(0, 19)
  const milliseconds = Date.parse(`${seconds}Z`)
  return !Number.isNaN(milliseconds) && new Date(milliseconds).toISOString().startsWith(seconds)
}

function offsetMicroseconds(zone: string): number {
  if (/^z$/i.test(zone)) return 0
  const [hours = 0, minutes = 0, seconds = 0] = (zone.slice(1).match(/\d{2}/g) ?? []).map(Number)
  const size = (hours * 60 + minutes) * MICROSECONDS_A_MINUTE + seconds * 1_000_000
  return zone.startsWith('-') ? -size : size
}

function inRange(milliseconds: number): boolean {
  return milliseconds >= EARLIEST && milliseconds < END
}

function fromMicroseconds(microseconds: number): Timestamp {
  const milliseconds = Math.floor(microseconds / 1000)
  const rest = Math.floor(microseconds - milliseconds * 1000)
  return `${new Date(milliseconds).toISOString().slice(0, -1)}${String(rest).padStart(3, '0')}+00:00`
}
