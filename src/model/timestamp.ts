/**
 * Time as this library writes it: UTC, microseconds, `YYYY-MM-DDTHH:MM:SS.ffffff+00:00`.
 * Two such strings compare as text in the order of the instants they name.
 */
export type Timestamp = string

const CANONICAL = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{6}\+00:00$/

// What Python's datetime.fromisoformat() accepts of dates by month and day, with any offset.
const ISO_8601 =
  /^(\d{4})-?(\d{2})-?(\d{2})(?:[T ](\d{2})(?::?(\d{2})(?::?(\d{2})(?:[.,](\d{1,9}))?)?)?(Z|[+-]\d{2}(?::?\d{2}(?::?\d{2}(?:\.\d+)?)?)?)?)?$/i

const MILLISECONDS_A_SECOND = 1000
const MILLISECONDS_A_DAY = 86_400_000
const EARLIEST = Date.parse('0001-01-01T00:00:00Z')
const END = Date.UTC(10_000, 0, 1)

let last = { milliseconds: 0, microseconds: 0 }

/** The present instant; strictly later than the one this process was given before. */
export function now(): Timestamp {
  const milliseconds = Date.now()
  last = milliseconds > last.milliseconds ? { milliseconds, microseconds: 0 } : successor(last)
  return format(last.milliseconds, last.microseconds)
}

/** The instant this many days before the present one. */
export function daysAgo(days: number): Timestamp {
  return format(Math.max(Math.round(Date.now() - days * MILLISECONDS_A_DAY), EARLIEST), 0)
}

/**
 * Brings a `Date`, or ISO 8601 text with any offset (none means UTC), into the canonical form.
 * Digits beyond microseconds are cut off. `null` when it is no instant between the years 1 and 9999.
 */
export function toTimestamp(value: unknown): Timestamp | null {
  if (typeof value === 'string')
    return CANONICAL.test(value) && isCalendarDate(value) ? value : parseIso(value)
  return value instanceof Date && inRange(value.getTime()) ? format(value.getTime(), 0) : null
}

function parseIso(text: string): Timestamp | null {
  const match = ISO_8601.exec(text.trim())
  if (!match) return null
  const [, year, month, day, hour = '00', minute = '00', second = '00', fraction = '', zone = 'Z'] = match
  const seconds = `${year}-${month}-${day}T${hour}:${minute}:${second}`
  if (!isCalendarDate(seconds)) return null
  const digits = fraction.slice(0, 6).padEnd(6, '0')
  const milliseconds = Date.parse(`${seconds}Z`) + Number(digits.slice(0, 3)) - offsetMilliseconds(zone)
  return inRange(milliseconds) ? format(milliseconds, Number(digits.slice(3))) : null
}

const DAYS_OF_MONTH = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

// By arithmetic, since this runs for each time that is read; Date.parse() would roll 30 February over to March, and take 24:00:00.
function isCalendarDate(text: string): boolean {
  const part = (from: number, to: number): number => Number(text.slice(from, to))
  const year = part(0, 4)
  const month = part(5, 7)
  const isLeapDay = month === 2 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
  const days = (DAYS_OF_MONTH[month - 1] ?? 0) + (isLeapDay ? 1 : 0)
  const day = part(8, 10)
  return year > 0 && day > 0 && day <= days && part(11, 13) < 24 && part(14, 16) < 60 && part(17, 19) < 60
}

function offsetMilliseconds(zone: string): number {
  if (/^z$/i.test(zone)) return 0
  const [hours = 0, minutes = 0, seconds = 0] = (zone.slice(1).match(/\d{2}/g) ?? []).map(Number)
  const size = ((hours * 60 + minutes) * 60 + seconds) * MILLISECONDS_A_SECOND
  return zone.startsWith('-') ? -size : size
}

function inRange(milliseconds: number): boolean {
  return milliseconds >= EARLIEST && milliseconds < END
}

function successor({ milliseconds, microseconds }: typeof last): typeof last {
  return microseconds < 999
    ? { milliseconds, microseconds: microseconds + 1 }
    : { milliseconds: milliseconds + 1, microseconds: 0 }
}

// Two numbers, since microseconds since 1970 are beyond 2^53 from the year 2255 on.
function format(milliseconds: number, microseconds: number): Timestamp {
  const text = new Date(milliseconds).toISOString().slice(0, -1)
  return `${text}${String(microseconds).padStart(3, '0')}+00:00`
}
