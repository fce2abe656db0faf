import { MAX_TIMER_SECONDS } from '../backends/turso/turso-options.js'
import { ConfigurationError } from '../errors.js'
import { shownValue } from '../shown-value.js'

/** Environment variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>

/** What the text of a variable means, and what to do where it means nothing. */
export type Format<Value> = {
  readonly parse: (text: string) => Value | undefined
  readonly remedy: string
}

/** The text itself. */
export const TEXT: Format<string> = { parse: (text) => text, remedy: 'use text' }

/** `true` or `false`, in any case of letters. */
export const FLAG: Format<boolean> = {
  parse: (text) => {
    const lower = text.toLowerCase()
    return lower === 'true' || lower === 'false' ? lower === 'true' : undefined
  },
  remedy: 'use true or false',
}

/** A whole number above 0. */
export const COUNT: Format<number> = {
  parse: (text) => {
    const count = /^\d+$/.test(text) ? Number(text) : 0
    return count > 0 && Number.isSafeInteger(count) ? count : undefined
  },
  remedy: 'use a whole number above 0',
}

/** A number of seconds. */
export const SECONDS: Format<number> = {
  parse: secondsOf,
  remedy: `use a number of seconds up to ${MAX_TIMER_SECONDS}, 0 for never`,
}

/** A number of seconds above 0, as whole milliseconds. */
export const SECONDS_AS_MS: Format<number> = {
  parse: (text) => {
    const seconds = secondsOf(text)
    return seconds ? Math.max(1, Math.round(seconds * 1000)) : undefined
  },
  remedy: `use a number of seconds above 0, up to ${MAX_TIMER_SECONDS}`,
}

/** One of some words, in any case of letters. */
export function oneOf<Word extends string>(words: readonly Word[]): Format<Word> {
  return {
    parse: (text) => words.find((word) => word === text.toLowerCase()),
    remedy: `use one of ${words.join(', ')}`,
  }
}

/**
 * The value of the first variable that is set.
 *
 * @throws `MG_CONFIGURATION` it means nothing in this format
 */
export function readVariable<Value>(
  env: Environment,
  names: readonly string[],
  format: Format<Value>,
): Value | undefined {
  const [name] = setOnes(env, names)
  if (name === undefined) return undefined
  const text = env[name] ?? ''
  const value = format.parse(text)
  if (value === undefined) throw invalid(name, text, format.remedy)
  return value
}

/** The variables among these that are set; an empty one is not. */
export function setOnes(env: Environment, names: readonly string[]): string[] {
  return names.filter((name) => env[name] !== undefined && env[name] !== '')
}

function secondsOf(text: string): number | undefined {
  const seconds = Number(text)
  return /^\d+(\.\d+)?$/.test(text) && seconds <= MAX_TIMER_SECONDS ? seconds : undefined
}

function invalid(name: string, text: string, remedy: string): ConfigurationError {
  const shown = shownValue(text)
  return new ConfigurationError(`Invalid value of ${name}: ${JSON.stringify(shown)}: ${remedy}`, {
    details: { variable: name, value: shown },
  })
}
