import type { LegendEntry } from './figure.js'
import { shortenedTo, textWidth } from './text-width.js'

/** An entry of a legend, where it stands: the left end of its sample, and the middle of its line. */
export type PlacedEntry = {
  readonly entry: LegendEntry
  readonly text: string
  readonly x: number
  readonly y: number
}

export const LEGEND_FONT_SIZE = 12
const LINE_HEIGHT = 21
const BETWEEN = 22
const GREATEST_TEXT = 230

/** How wide the sample before the text of an entry is. */
export function sampleWidth({ sample }: LegendEntry): number {
  return sample === 'line' ? 40 : 18
}

/** The entries side by side, in as many lines as they need. */
export function placeLegend(
  entries: readonly LegendEntry[],
  width: number,
): { placed: PlacedEntry[]; height: number } {
  let [x, line] = [0, 0]
  const placed = entries.map((entry) => {
    const count = entry.count === null ? '' : ` (${entry.count.toLocaleString('en')})`
    const text = shortenedTo(entry.text, GREATEST_TEXT, LEGEND_FONT_SIZE) + count
    const own = sampleWidth(entry) + textWidth(text, LEGEND_FONT_SIZE)
    if (x > 0 && x + own > width) {
      x = 0
      line++
    }
    const place = { entry, text, x, y: (line + 0.5) * LINE_HEIGHT }
    x += own + BETWEEN
    return place
  })
  return { placed, height: placed.length === 0 ? 0 : (line + 1) * LINE_HEIGHT }
}
