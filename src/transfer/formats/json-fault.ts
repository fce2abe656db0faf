/** Why and where a text is no JSON document, line and column from 1. */
export type JsonFault = { readonly line: number; readonly column: number; readonly fault: string }

const SPACE = /[ \t\n\r]*/y
const SCALAR =
  /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])|(?:true|false|null|NaN|-?Infinity)(?!\w)/y
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y

/** What may come next; `first` is the place behind an opening bracket, where it may close at once. */
type Expected = 'value' | 'first value' | 'key' | 'first key' | 'colon' | 'separator'

/**
 * Finds the first fault of a text that `JSON.parse()` refuses: what engines say of the place differs, and some say nothing. Python's
 * `NaN` and the infinities are none.
 */
export function findJsonFault(text: string): JsonFault {
  const at = faultOffset(text)
  const lineStart = text.lastIndexOf('\n', at - 1) + 1
  let line = 1
  for (let next = text.indexOf('\n'); next >= 0 && next < lineStart; next = text.indexOf('\n', next + 1))
    line++
  const character = String.fromCodePoint(text.codePointAt(at) ?? 0)
  const fault =
    at >= text.length ? 'the JSON ends too early' : `no JSON goes on with ${JSON.stringify(character)}`
  return { line, column: at - lineStart + 1, fault }
}

function faultOffset(text: string): number {
  const open: ('{' | '[')[] = []
  let expected: Expected = 'value'
  let at = 0
  for (;;) {
    at = endOf(SPACE, text, at) ?? at
    const character = text[at]
    if (expected === 'separator' && open.length === 0) return at
    if (closes(character, expected, open.at(-1))) {
      open.pop()
      expected = 'separator'
      at++
    } else if (expected === 'separator' || expected === 'colon') {
      if (character !== (expected === 'colon' ? ':' : ',')) return at
      expected = expected === 'separator' && open.at(-1) === '{' ? 'key' : 'value'
      at++
    } else if (expected !== 'key' && expected !== 'first key' && (character === '{' || character === '[')) {
      open.push(character)
      expected = character === '{' ? 'first key' : 'first value'
      at++
    } else {
      const isKey: boolean = expected === 'key' || expected === 'first key'
      const token =
        character === '"' ? scanString(text, at) : { end: isKey ? undefined : endOf(SCALAR, text, at) }
      if ('fault' in token) return token.fault
      if (token.end === undefined) return at
      expected = isKey ? 'colon' : 'separator'
      at = token.end
    }
  }
}

function closes(character: string | undefined, expected: Expected, open: '{' | '[' | undefined): boolean {
  if (character === '}') return open === '{' && (expected === 'first key' || expected === 'separator')
  return character === ']' && open === '[' && (expected === 'first value' || expected === 'separator')
}

// Not one expression for the whole string: in a long one it would run out of stack.
function scanString(text: string, start: number): { readonly end: number } | { readonly fault: number } {
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === '"') return { end: at + 1 }
    if (text.charCodeAt(at) < 0x20) return { fault: at }
    if (text[at] !== '\\') continue
    const end = endOf(ESCAPE, text, at)
    if (end === undefined)
      return { fault: text.length - at < 6 && !text.includes('"', at) ? text.length : at }
    at = end - 1
  }
  return { fault: text.length }
}

function endOf(pattern: RegExp, text: string, at: number): number | undefined {
  pattern.lastIndex = at
  return pattern.test(text) ? pattern.lastIndex : undefined
}
