/** A node as a projection holds it. */
export type GraphNodeRow = {
  id: string
  label: string
  /** Of a readable memory; `null` for every other node. */
  importance: number | null
}

/** A relationship as a projection holds it: times as they are stored, the strength 0.5 where none can be read. */
export type GraphEdgeRow = {
  id: string
  from: string
  to: string
  type: string
  strength: number
  valid_from: string
  valid_until: string | null
}

/** A relationship seen from one of its ends, light enough to fetch by the thousand. */
export type NeighbourRow = {
  near: string
  far: string
  relationship_id: string
  strength: number
  /** Importance of the far node; `null` when it is no readable memory. */
  importance: number | null
  valid_from: string
  valid_until: string | null
}
