/** Characters that steer how text is laid out, and would turn what stands beside them around. */
const STEERING = /[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c\ufeff]/g
const BLANKS = /[\p{Cc}\p{Zs}\p{Zl}\p{Zp}]+/gu

/** Stored text on one line, without what steers a screen. */
export function shownText(text: string): string {
  return text.toWellFormed().replace(STEERING, '').replace(BLANKS, ' ').trim()
}
