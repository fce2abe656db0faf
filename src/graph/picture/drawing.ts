import type { Box } from './box-grid.js'
import type { Curve } from './curves.js'
import type { Figure } from './figure.js'
import type { PlacedLabel } from './place-labels.js'
import type { Point } from './separate.js'

/** A figure of which everything has its place. */
export type Drawing = {
  readonly figure: Figure
  readonly places: readonly Point[]
  readonly curves: readonly Curve[]
  /** By the number of the node; `null` where there was no room. */
  readonly labels: readonly (PlacedLabel | null)[]
  readonly fontSize: number
  readonly bounds: Box
}

/** Sizes of text, in pixels, and of a line by them. */
export const FOCUS_FONT_SIZE = 14
export const LINE_HEIGHT = 1.18
