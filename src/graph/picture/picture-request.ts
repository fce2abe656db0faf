import type { CompleteGraphExportOptions } from '../../model/graph-export-options.js'
import { counted } from '../export/counted.js'
import type { ExportedGraph } from '../export/exported-graph.js'
import { shownText } from '../export/shown-text.js'
import type { GraphRunOptions } from '../graph-view.js'

/** What a picture is to show. */
export type PictureRequest = Pick<
  CompleteGraphExportOptions,
  'titles' | 'color' | 'focus' | 'heading' | 'maxDrawnNodes' | 'maxDrawnEdges'
> &
  GraphRunOptions

const HEADING = 'Memory graph'

export function headingOf(
  { heading }: PictureRequest,
  focus: ReadonlySet<string>,
  titleOf: (id: string) => string,
): string {
  if (heading !== null) return shownText(heading)
  const [only, ...more] = focus
  return only === undefined || more.length > 0 ? HEADING : `Around “${shownText(titleOf(only))}”`
}

export function summaryOf({ order, size }: ExportedGraph): string {
  return `${counted(order, 'node')}, ${counted(size, 'relationship')}`
}
