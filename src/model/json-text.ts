/** A value that JSON can hold. */
export type JsonValue =
  | string
  | number
  | boolean
  | null
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue }

const BEYOND_ASCII = /[\u007f-\uffff]/g
/** A string that does not end is taken whole too, so that no quote inside it is tried as the begin of another. */
const STRING_OR_SPECIAL_NUMBER = /"(?:[^"\\]|\\.)*(?:"|\\?$)|-?Infinity|NaN/gs

/**
 * JSON text as Python's `json.dumps()` writes it by default: `", "` and `": "` between parts,
 * everything beyond ASCII escaped. Object members that are `undefined` are left out.
 */
export function encodeJson(value: unknown): string {
  if (typeof value === 'string') return encodeString(value)
  if (Array.isArray(value)) return `[${value.map(encodeJson).join(', ')}]`
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value).filter(([, member]) => member !== undefined)
    return `{${members.map(([key, member]) => `${encodeString(key)}: ${encodeJson(member)}`).join(', ')}}`
  }
  return JSON.stringify(value) ?? 'null'
}

/** A number that Python holds as a float: `1.0`, `0.5`, `1e-05`. */
export function encodeFloat(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e16) return `${value}.0`
  const magnitude = Math.abs(value)
  const isExponential = magnitude >= 1e16 || (magnitude < 1e-4 && magnitude > 0)
  const text = isExponential ? value.toExponential() : String(value)
  return text.replace(/e([+-])(\d)$/, 'e$10$2')
}

function encodeString(text: string): string {
  const json = JSON.stringify(text)
  BEYOND_ASCII.lastIndex = 0
  return BEYOND_ASCII.test(json)
    ? json.replace(BEYOND_ASCII, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    : json
}

/** Parses JSON, and Python's superset of it: `NaN` and the infinities, which become `null`. Throws a `SyntaxError`. */
export function decodeJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    if (!/NaN|Infinity/.test(text)) throw error
    return JSON.parse(
      text.replace(STRING_OR_SPECIAL_NUMBER, (token) => (token.startsWith('"') ? token : 'null')),
    )
  }
}

/**
 * The members of a JSON object with their values as the text that stands in it, so that a value which is
 * only carried along (a 64-bit integer, `1.0`) comes out as it went in. Throws a `SyntaxError` when it is no object.
 */
export function readMembers(text: string): Map<string, string> {
  const whole = decodeJson(text)
  if (typeof whole !== 'object' || whole === null || Array.isArray(whole))
    throw new SyntaxError('not a JSON object')
  const members = new Map<string, string>()
  let at = skipSpace(text, text.indexOf('{') + 1)
  while (text[at] === '"') {
    const keyEnd = endOfValue(text, at)
    const valueStart = skipSpace(text, skipSpace(text, keyEnd) + 1)
    const valueEnd = endOfValue(text, valueStart)
    members.set(JSON.parse(text.slice(at, keyEnd)), text.slice(valueStart, valueEnd))
    at = skipSpace(text, skipSpace(text, valueEnd) + 1)
  }
  return members
}

function skipSpace(text: string, from: number): number {
  let at = from
  while (at < text.length && ' \t\n\r'.includes(text.charAt(at))) at++
  return at
}

// The text is known to be valid, so depth and quotes decide where a value ends.
function endOfValue(text: string, from: number): number {
  let depth = 0
  for (let at = from; at < text.length; at++) {
    const character = text[at]
    if (character === '"') {
      at++
      while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1
      if (depth === 0) return at + 1
    } else if (character === '{' || character === '[') depth++
    else if (character === '}' || character === ']') {
      if (depth === 0) return at
      if (--depth === 0) return at + 1
    } else if (depth === 0 && (character === ',' || ' \t\n\r'.includes(character as string))) return at
  }
  return text.length
}
