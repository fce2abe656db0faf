import { counted } from '../export/counted.js'
import { xmlText } from '../export/xml-text.js'
import type { Drawing } from './drawing.js'
import type { LegendEntry, Stroke } from './figure.js'
import { LEGEND_FONT_SIZE, placeLegend, sampleWidth } from './legend.js'
import type { Point } from './separate.js'
import { DARK, GROUND, SOFT_TEXT, shown, TEXT } from './svg-paint.js'
import { labelsOf, linesOf, nodesOf } from './svg-shapes.js'
import { shortenedTo, wrapped } from './text-width.js'

/** The three have the same widths. */
const FONTS = "Helvetica, Arial, 'Liberation Sans', 'Nimbus Sans', sans-serif"

const PADDING = 28
const LEAST_WIDTH = 560
const HEADING_SIZE = 20
const SUMMARY_SIZE = 13
const NOTE_SIZE = 12
const NOTE_HEIGHT = 17
const HEADER_HEIGHT = 68
const EMPTY_HEIGHT = 120

/** Writes a drawing as an SVG document that needs nothing from elsewhere. */
export function svgOf(drawing: Drawing): string {
  const { figure, bounds, labels } = drawing
  const width = Math.ceil(Math.max(bounds.right - bounds.left + 2 * PADDING, LEAST_WIDTH))
  const isEmpty = figure.nodes.length === 0
  const bodyHeight = isEmpty ? EMPTY_HEIGHT : bounds.bottom - bounds.top
  const inner = width - 2 * PADDING
  const unlabelled = labels.filter((label) => label === null).length
  const notes = [
    ...figure.notes,
    ...(unlabelled === 0
      ? []
      : [`There was no room for the titles of ${counted(unlabelled, 'node')}: point at one to see it.`]),
  ].flatMap((note) => wrapped(note, inner, NOTE_SIZE, 3))
  const legend = placeLegend(figure.legend, inner)
  const legendTop = HEADER_HEIGHT + bodyHeight + PADDING
  const notesTop = legendTop + legend.height + (legend.height > 0 ? 6 : 0)
  const height = Math.ceil(notesTop + notes.length * NOTE_HEIGHT + PADDING * 0.6)
  const dx = (width - (bounds.right - bounds.left)) / 2 - bounds.left
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" font-family="${FONTS}">`,
    `<title>${xmlText(figure.heading)}</title>`,
    `<desc>${xmlText(figure.description)}</desc>`,
    `<style>${DARK}</style>`,
    `<rect width="${width}" height="${height}" fill="${GROUND}" class="mg-ground"/>`,
    text({ x: PADDING, y: PADDING + 14 }, shortenedTo(figure.heading, inner, HEADING_SIZE, true), {
      size: HEADING_SIZE,
      attributes: 'font-weight="bold"',
    }),
    text({ x: PADDING, y: PADDING + 34 }, shortenedTo(figure.summary, inner, SUMMARY_SIZE), {
      size: SUMMARY_SIZE,
      isSoft: true,
    }),
    ...(isEmpty
      ? [
          text({ x: width / 2, y: HEADER_HEIGHT + EMPTY_HEIGHT / 2 }, 'There is nothing to draw.', {
            size: 14,
            isSoft: true,
            attributes: 'text-anchor="middle"',
          }),
        ]
      : [
          `<g transform="translate(${shown(dx)} ${shown(HEADER_HEIGHT - bounds.top)})">`,
          ...linesOf(drawing.curves),
          ...nodesOf(drawing),
          ...labelsOf(drawing),
          '</g>',
        ]),
    ...(legend.placed.length === 0
      ? []
      : [
          `<g transform="translate(${PADDING} ${shown(legendTop)})" font-size="${LEGEND_FONT_SIZE}" fill="${TEXT}" class="mg-text">`,
          ...legend.placed.flatMap(({ entry, text: shownText, x, y }) => [
            sampleOf(entry, x, y),
            `<text x="${shown(x + sampleWidth(entry))}" y="${shown(y + 4)}">${xmlText(shownText)}</text>`,
          ]),
          '</g>',
        ]),
    ...notes.map((note, at) =>
      text({ x: PADDING, y: notesTop + at * NOTE_HEIGHT + NOTE_SIZE }, note, {
        size: NOTE_SIZE,
        isSoft: true,
      }),
    ),
    '</svg>\n',
  ].join('\n')
}

function sampleOf(entry: LegendEntry, x: number, y: number): string {
  if (entry.sample === 'line') return lineSample(entry.stroke, x, y)
  return entry.sample === 'circle'
    ? `<circle cx="${shown(x + 6)}" cy="${shown(y)}" r="6" fill="${entry.color}"/>`
    : `<rect x="${shown(x + 1)}" y="${shown(y - 5)}" width="10" height="10" rx="2" fill="${entry.color}"/>`
}

function lineSample({ color, dashes, hasArrow }: Stroke, x: number, y: number): string {
  const end = x + (hasArrow ? 27 : 33)
  const dashed = dashes === null ? '' : ` stroke-dasharray="${dashes}"`
  const line = `<path d="M${shown(x)} ${shown(y)}H${shown(end)}" stroke="${color}" stroke-width="2.4"${dashed}/>`
  return hasArrow
    ? `${line}<path d="M${shown(end + 7)} ${shown(y)}L${shown(end - 1)} ${shown(y - 4)}V${shown(y + 4)}Z" fill="${color}"/>`
    : line
}

function text(
  { x, y }: Point,
  content: string,
  { size, isSoft = false, attributes = '' }: { size: number; isSoft?: boolean; attributes?: string },
): string {
  const paint = isSoft ? `fill="${SOFT_TEXT}" class="mg-soft"` : `fill="${TEXT}" class="mg-text"`
  return `<text x="${shown(x)}" y="${shown(y)}" font-size="${size}" ${paint}${attributes === '' ? '' : ` ${attributes}`}>${xmlText(content)}</text>`
}
