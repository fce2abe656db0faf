import * as z from 'zod'
import { ValidationError } from '../errors.js'
import type { JsonValue } from './json-text.js'
import { type Timestamp, toTimestamp } from './timestamp.js'

/** Longest id, in characters. */
export const MAX_ID_CHARACTERS = 255

/** Checks a value against a schema and returns what the schema makes of it; else a `ValidationError` that names each fault. */
export function validate<Output>(schema: z.ZodType<Output>, value: unknown, what: string): Output {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const faults = result.error.issues.map((issue) => {
    const path = issue.path.map(String).join('.')
    return `${path === '' ? '' : `${path}: `}${issue.message}${received(value, issue)}`
  })
  throw new ValidationError(`Invalid ${what}: ${faults.join('; ')}`, {
    details: { issues: result.error.issues.map(({ code, path, message }) => ({ code, path, message })) },
    cause: result.error,
  })
}

function received(root: unknown, issue: z.core.$ZodIssue): string {
  if (issue.code === 'unrecognized_keys') return ''
  let value = root
  for (const key of issue.path) {
    if (typeof value !== 'object' || value === null) return ''
    value = (value as Record<PropertyKey, unknown>)[key]
  }
  if (typeof value === 'string') {
    return value.length <= 60 ? ` (got ${JSON.stringify(value)})` : ` (got ${value.length} characters)`
  }
  return typeof value === 'number' || typeof value === 'boolean' ? ` (got ${value})` : ''
}

const UNSTORABLE_TEXT =
  'contains a NUL character or half of a surrogate pair: remove it, or call .toWellFormed() on the text'

// NUL cuts a text short inside SQLite, and half a surrogate pair is not text at all: no UTF-8 can hold it.
function isStorableText(text: string): boolean {
  return !text.includes('\u0000') && text.isWellFormed()
}

/** Text that any SQLite can hold: no NUL character, no half surrogate pair. */
export const text: z.ZodString = z.string().refine(isStorableText, UNSTORABLE_TEXT)

/** Text of at most so many characters (code points, as Python counts). */
export function boundedText(maximum: number): z.ZodString {
  return text.refine(
    (value) => value.length <= maximum || (value.length <= maximum * 2 && [...value].length <= maximum),
    `must be at most ${maximum} characters`,
  )
}

/** An id: any text of 1 to 255 characters. */
export const id: z.ZodString = boundedText(MAX_ID_CHARACTERS).min(1, 'must not be empty')

/** Refuses what is no id: the schema's message, without its cost for ids that are fine. */
export function requireId(value: unknown, what = 'id'): asserts value is string {
  const isFine =
    typeof value === 'string' &&
    value.length > 0 &&
    value.length <= MAX_ID_CHARACTERS &&
    !value.includes('\u0000')
  if (!isFine || !value.isWellFormed()) validate(id, value, what)
}

/** How deep JSON that a caller gives may be nested; SQLite itself reads no more than 1,000 levels. */
export const MAX_JSON_DEPTH = 100

/** An object that JSON can hold as it is: no dates, functions, special numbers or cycles. What comes out is a copy. */
export const jsonObject: z.ZodType<{ [key: string]: JsonValue }> = z.unknown().transform((value, context) => {
  const fault = isObject(value) ? faultOf(value, 0) : 'must be an object'
  if (fault === null) return structuredClone(value) as { [key: string]: JsonValue }
  context.addIssue({ code: 'custom', message: fault })
  return z.NEVER
})

function faultOf(value: unknown, depth: number): string | null {
  if (depth > MAX_JSON_DEPTH) return `must not be nested deeper than ${MAX_JSON_DEPTH} levels`
  if (value === null || typeof value === 'boolean' || Number.isFinite(value)) return null
  if (typeof value === 'string') return isStorableText(value) ? null : UNSTORABLE_TEXT
  if (Array.isArray(value)) return firstFault(value, depth)
  if (!isObject(value)) return `must hold only what JSON can hold, not ${nameOf(value)}`
  return firstFault(Object.keys(value as object), depth) ?? firstFault(Object.values(value as object), depth)
}

function firstFault(values: readonly unknown[], depth: number): string | null {
  for (const value of values) {
    const fault = faultOf(value, depth + 1)
    if (fault !== null) return fault
  }
  return null
}

function nameOf(value: unknown): string {
  return typeof value === 'object'
    ? Object.prototype.toString.call(value).slice(8, -1)
    : String(typeof value === 'number' ? value : typeof value)
}

/** An object with these members and no others; lists, dates, maps and the like are none. */
export function strictObject<Shape extends z.ZodRawShape>(shape: Shape): StrictObject<Shape> {
  return z.unknown().refine(isObject, 'must be an object').pipe(z.strictObject(shape))
}

/** What {@link strictObject} makes. */
export type StrictObject<Shape extends z.ZodRawShape> = z.ZodPipe<
  z.ZodUnknown,
  z.ZodObject<Shape, z.core.$strict>
>

function isObject(value: unknown): boolean {
  return Object.prototype.toString.call(value) === '[object Object]'
}

/** A `Date` or ISO 8601 text with any offset, made canonical. */
export const timestamp: z.ZodType<Timestamp> = z.unknown().transform((value, context): Timestamp => {
  const canonical = toTimestamp(value)
  if (canonical !== null) return canonical
  context.addIssue({
    code: 'custom',
    message: 'must be a Date or an ISO 8601 time between the years 1 and 9999',
  })
  return z.NEVER
})

/** A share between 0 and 1, both included. */
export const fraction: z.ZodNumber = z.number().min(0).max(1)

/** A whole number from 0. */
export const count: z.ZodNumber = z.int().min(0)
