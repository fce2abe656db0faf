import { xmlText } from '../export/xml-text.js'
import type { Curve } from './curves.js'
import { type Drawing, FOCUS_FONT_SIZE, LINE_HEIGHT } from './drawing.js'
import type { FigureNode } from './figure.js'
import type { PlacedLabel } from './place-labels.js'
import type { Point } from './separate.js'
import { GROUND, SOFT_TEXT, shown, TEXT } from './svg-paint.js'

const FOCUS_RING = TEXT

export function linesOf(curves: readonly Curve[]): string[] {
  const sorted = [...curves].sort((a, b) => a.link.width - b.link.width)
  return [
    '<g fill="none" stroke-opacity="0.72">',
    ...sorted.map(({ link, start, controls, end, head }) => {
      const { color, dashes } = link.stroke
      const way = controls.length === 0 ? 'L' : controls.length === 1 ? 'Q' : 'C'
      const path = `M${point(start)}${way}${[...controls, end].map(point).join(' ')}`
      const line = `<path d="${path}" stroke="${color}" stroke-width="${shown(link.width)}"${dashes === null ? '' : ` stroke-dasharray="${dashes}"`}/>`
      const arrow = head.length === 0 ? '' : `<path d="M${head.map(point).join('L')}Z" fill="${color}"/>`
      return `<g><title>${xmlText(link.hint)}</title>${line}${arrow}</g>`
    }),
    '</g>',
  ]
}

export function nodesOf({ figure, places }: Drawing): string[] {
  return [
    `<g stroke="${GROUND}" stroke-width="1.5" class="mg-halo">`,
    ...figure.nodes.map((node, number) => {
      const place = places[number] as Point
      const ring = node.isFocus
        ? `<circle cx="${shown(place.x)}" cy="${shown(place.y)}" r="${shown(node.radius + 3)}" fill="none" stroke="${FOCUS_RING}" stroke-width="2" class="mg-ring"/>`
        : ''
      return `<g><title>${xmlText(node.hint)}</title>${ring}${shapeOf(node, place)}</g>`
    }),
    '</g>',
  ]
}

function shapeOf({ color, fill, radius, shape }: FigureNode, { x, y }: Point): string {
  const disc = `<circle cx="${shown(x)}" cy="${shown(y)}" r="${shown(radius)}"`
  if (fill === 'tint') {
    const ground = `${disc} fill="${GROUND}" class="mg-ground"/>`
    return `${ground}${disc} fill="${color}" fill-opacity="0.28" stroke="${color}" stroke-width="2"/>`
  }
  if (shape === 'circle') return `${disc} fill="${color}"/>`
  const half = radius * 0.9
  return `<rect x="${shown(x - half)}" y="${shown(y - half)}" width="${shown(2 * half)}" height="${shown(2 * half)}" rx="2" fill="${color}"/>`
}

export function labelsOf({ figure, labels, fontSize }: Drawing): string[] {
  return [
    `<g font-size="${fontSize}" fill="${TEXT}" class="mg-text">`,
    `<g stroke="${GROUND}" stroke-width="3" stroke-linejoin="round" paint-order="stroke" class="mg-halo">`,
    ...labels.flatMap((label, number) =>
      label === null ? [] : [labelOf(label, figure.nodes[number] as FigureNode, fontSize)],
    ),
    '</g>',
    '</g>',
  ]
}

function labelOf(
  { box, form, anchor, isInside }: PlacedLabel,
  { isFocus, detail }: FigureNode,
  ofOthers: number,
): string {
  const fontSize = isFocus ? FOCUS_FONT_SIZE : ofOthers
  const x = anchor === 'start' ? box.left + 1 : anchor === 'end' ? box.right - 1 : (box.left + box.right) / 2
  const lines = form.lines.map((line, at) => {
    const y = box.top + (at + 0.8) * fontSize * LINE_HEIGHT
    const style =
      detail !== null && at === form.lines.length - 1 ? ` fill="${SOFT_TEXT}" class="mg-soft"` : ''
    return `<tspan x="${shown(x)}" y="${shown(y)}"${style}>${xmlText(line)}</tspan>`
  })
  const weight = isFocus ? ` font-size="${FOCUS_FONT_SIZE}" font-weight="bold"` : ''
  const halo = isInside ? ' stroke="none"' : ''
  const aligned = anchor === 'start' ? '' : ` text-anchor="${anchor}"`
  return `<text${aligned}${weight}${halo}>${lines.join('')}</text>`
}

function point({ x, y }: Point): string {
  return `${shown(x)} ${shown(y)}`
}
