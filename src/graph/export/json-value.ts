/** JSON on one line that does not steer a terminal either: by itself it escapes only the first of the control characters. */
export function jsonValue(value: unknown): string {
  return JSON.stringify(value).replace(
    /[\u007f-\u009f]/g,
    (character) => `\\u00${character.charCodeAt(0).toString(16)}`,
  )
}
