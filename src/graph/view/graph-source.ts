import type { GraphNeighbor, GraphRunOptions } from '../graph-view.js'
import type { GraphSnapshot } from '../snapshot/graph-snapshot.js'
import type { WalkDirection } from '../snapshot/steps.js'

/** Where a view finds what it sees. */
export interface GraphSource {
  readonly direction: WalkDirection
  /** What is stored now; the same object until that changes. */
  snapshot(options: GraphRunOptions): Promise<GraphSnapshot>
  /** The nodes within so many steps of one, nearest first, then by id; `null` where a snapshot is to be asked, which is as quick. */
  neighbors(id: string, depth: number, options: GraphRunOptions): Promise<GraphNeighbor[] | null>
}
