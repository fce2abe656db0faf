import { ConfigurationError } from '../errors.js'
import { MAX_DIMENSIONS, MAX_MODEL_CHARACTERS } from '../model/embedding.js'

/** What an option must be: a test, and its words. */
export type OptionCheck = readonly [fits: (value: unknown) => boolean, expected: string]

/** The name of a model. */
export const IS_MODEL: OptionCheck = [
  (value) =>
    typeof value === 'string' &&
    value.trim() !== '' &&
    value.length <= MAX_MODEL_CHARACTERS &&
    value.isWellFormed() &&
    !value.includes('\0'),
  `text of 1 to ${MAX_MODEL_CHARACTERS} characters`,
]
/** Components of a vector. */
export const IS_DIMENSIONS: OptionCheck = [
  (value) => Number.isSafeInteger(value) && Number(value) >= 1 && Number(value) <= MAX_DIMENSIONS,
  `a whole number from 1 to ${MAX_DIMENSIONS}`,
]
export const IS_COUNT: OptionCheck = [
  (value) => Number.isSafeInteger(value) && Number(value) >= 1,
  'a whole number above 0',
]
export const IS_WEIGHT: OptionCheck = [
  (value) => typeof value === 'number' && value >= 0 && value <= 100,
  'a number from 0 to 100',
]
/** A time that a timer can be set to. */
export const IS_MILLISECONDS: OptionCheck = [
  (value) => Number.isSafeInteger(value) && Number(value) >= 1 && Number(value) < 2 ** 31,
  `a whole number of milliseconds from 1, below ${2 ** 31}`,
]
/** Something that may be an embedder; what its parts are is looked at where it is used. */
export const IS_EMBEDDER: OptionCheck = [
  (value) => typeof value === 'object' && value !== null,
  'an embedder, such as hashingEmbedder() makes',
]
export const IS_TEXT: OptionCheck = [(value) => typeof value === 'string', 'text']
export const IS_FLAG: OptionCheck = [(value) => typeof value === 'boolean', 'true or false']
export const IS_FUNCTION: OptionCheck = [(value) => typeof value === 'function', 'a function']

/**
 * Refuses options that are unknown or do not fit. No value is repeated: it may be a secret.
 *
 * @throws `MG_CONFIGURATION`
 */
export function checkOptions(
  of: string,
  options: object,
  checks: Readonly<Record<string, OptionCheck>>,
  required: readonly string[] = [],
): void {
  if (typeof options !== 'object' || options === null)
    throw new ConfigurationError(`Invalid options of ${of}: must be an object`)
  const given = options as Readonly<Record<string, unknown>>
  for (const key of [...required, ...Object.keys(given)]) {
    const check = Object.hasOwn(checks, key) ? checks[key] : undefined
    if (check === undefined) {
      const known = Object.keys(checks).join(', ')
      throw new ConfigurationError(`Unknown option ${JSON.stringify(key)} of ${of}: it takes ${known}`, {
        details: { option: key },
      })
    }
    const [fits, expected] = check
    if (fits(given[key]) || (given[key] === undefined && !required.includes(key))) continue
    throw new ConfigurationError(`Invalid option ${key} of ${of}: must be ${expected}`, {
      details: { option: key },
    })
  }
}
