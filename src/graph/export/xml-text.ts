/** What XML 1.0 cannot hold, however it is written, and half surrogate pairs, which no encoding can. */
export const NOT_IN_XML: RegExp =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: it is about them
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Cs}/gu

/** What would end what it stands in, become a blank, or steer a terminal. */
const SPECIAL = /[&<>"\t\n\r\u007f-\u009f]/g
const NAMED: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

/** Text as it stands in XML, in an attribute or an element; what XML cannot hold becomes U+FFFD. */
export function xmlText(text: string): string {
  return text
    .replace(NOT_IN_XML, '\ufffd')
    .replace(SPECIAL, (character) => NAMED[character] ?? `&#${character.charCodeAt(0)};`)
}
