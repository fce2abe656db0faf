/** What a picture shows, before anything has a place. */
export type Figure = {
  readonly heading: string
  /** How much there is to see, in a line under the heading. */
  readonly summary: string
  /** What it shows, for those who do not see it. */
  readonly description: string
  readonly nodes: readonly FigureNode[]
  readonly links: readonly FigureLink[]
  readonly legend: readonly LegendEntry[]
  /** What is not in the picture, and how to read it. */
  readonly notes: readonly string[]
}

export type FigureNode = {
  readonly title: string
  /** What is written under the title. */
  readonly detail: string | null
  readonly radius: number
  readonly color: string
  /** A tint lets what is written over it be read. */
  readonly fill: 'solid' | 'tint'
  readonly shape: 'circle' | 'square'
  /** Whether the picture is about this one. */
  readonly isFocus: boolean
  /** Labels of greater ones are placed first. */
  readonly importance: number
  /** What a pointer that rests on it shows. */
  readonly hint: string
}

/** A line between two nodes, by their numbers. */
export type FigureLink = {
  readonly from: number
  readonly to: number
  readonly stroke: Stroke
  readonly width: number
  readonly hint: string
}

export type Stroke = {
  readonly color: string
  readonly dashes: string | null
  readonly hasArrow: boolean
}

export type LegendEntry = { readonly text: string; readonly count: number | null } & (
  | { readonly sample: 'line'; readonly stroke: Stroke }
  | { readonly sample: 'circle' | 'square'; readonly color: string }
)
