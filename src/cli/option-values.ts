import { InvalidArgumentError } from 'commander'
import { toTimestamp } from '../model/timestamp.js'

/** A whole number within limits. */
export function integer(minimum: number, maximum: number): (value: string) => number {
  return (value) => {
    const number = Number(value)
    if (/^-?\d+$/.test(value) && number >= minimum && number <= maximum) return number
    throw new InvalidArgumentError(`Must be a whole number from ${minimum} to ${maximum}.`)
  }
}

/** A number within limits. */
export function number(minimum: number, maximum: number): (value: string) => number {
  return (value) => {
    const number = Number(value)
    if (/^-?(\d+\.?\d*|\.\d+)$/.test(value) && number >= minimum && number <= maximum) return number
    throw new InvalidArgumentError(`Must be a number from ${minimum} to ${maximum}.`)
  }
}

/** A share between 0 and 1. */
export const fraction: (value: string) => number = number(0, 1)

/** A whole number within limits, or `all`. */
export function integerOrAll(minimum: number, maximum: number): (value: string) => number | 'all' {
  const parse = integer(minimum, maximum)
  return (value) => {
    if (value === 'all') return value
    try {
      return parse(value)
    } catch {
      throw new InvalidArgumentError(`Must be a whole number from ${minimum} to ${maximum}, or "all".`)
    }
  }
}

/** Values separated by commas; the option may be given several times. */
export function list(value: string, previous: readonly string[] = []): string[] {
  const items = value.split(',').map((item) => item.trim())
  return [...previous, ...items.filter((item) => item !== '')]
}

/** One value each time the option is given. */
export function repeated(value: string, previous: readonly string[] = []): string[] {
  return [...previous, value]
}

/** One of a set of names, in any case of letters. */
export function oneOf<Name extends string>(names: readonly Name[]): (value: string) => Name {
  return (value) => {
    const found = names.find((name) => name.toLowerCase() === value.trim().toLowerCase())
    if (found !== undefined) return found
    throw new InvalidArgumentError(`Must be one of ${names.join(', ')}.`)
  }
}

/** Names of a set, separated by commas; the option may be given several times. */
export function listOf<Name extends string>(
  names: readonly Name[],
): (value: string, previous?: readonly Name[]) => Name[] {
  const one = oneOf(names)
  return (value, previous = []) => [...previous, ...list(value).map(one)]
}

/** A time with its date, in ISO 8601. */
export function instant(value: string): string {
  const timestamp = toTimestamp(value)
  if (timestamp !== null) return timestamp
  throw new InvalidArgumentError('Must be an ISO 8601 time such as 2026-11-21 or 2026-11-21T09:30:00Z.')
}

/** A JSON object. */
export function jsonObject(value: string): Record<string, unknown> {
  try {
    const parsed: unknown = JSON.parse(value)
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) {
      return parsed as Record<string, unknown>
    }
  } catch {
    throw new InvalidArgumentError('Must be JSON.')
  }
  throw new InvalidArgumentError('Must be a JSON object.')
}
