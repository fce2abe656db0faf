import type { NumberedMetrics } from '../algorithms/metrics.js'
import type { NumberedPath } from '../algorithms/numbered-path.js'
import type { ReportProgress } from '../algorithms/report-progress.js'
import type { NumberedSimilarity } from '../algorithms/similar-nodes.js'
import type { CompactGraph } from '../snapshot/compact-graph.js'
import type { Steps, WalkDirection } from '../snapshot/steps.js'
import type { NodeGroups } from './grouped.js'
import type { RankedNodes } from './ranked.js'

/** Work on a graph, whose options and result can be sent to a thread and back. */
export type GraphTask<Options, Result> = (
  graph: CompactGraph,
  options: Options,
  report?: ReportProgress,
) => Result

type Sampled = {
  readonly direction: WalkDirection
  /** `null`: all nodes. */
  readonly samples: number | null
  readonly seed: number
}
type Limited = { readonly limit: number | null }

/** All work on a graph that may take long, by name. */
export type GraphTasks = {
  steps: GraphTask<{ readonly direction: WalkDirection }, Steps>
  shortestPath: GraphTask<
    {
      readonly from: number
      readonly to: number
      readonly direction: WalkDirection
      readonly weighted: boolean
      readonly maxDepth: number | null
    },
    NumberedPath | null
  >
  allPaths: GraphTask<
    {
      readonly from: number
      readonly to: number
      readonly direction: WalkDirection
      readonly maxDepth: number
      readonly limit: number
    },
    NumberedPath[]
  >
  components: GraphTask<{ readonly strong: boolean }, NodeGroups>
  communities: GraphTask<
    { readonly seed: number; readonly resolution: number },
    { groups: NodeGroups; modularity: number }
  >
  degree: GraphTask<Limited, RankedNodes>
  closeness: GraphTask<Sampled & Limited, RankedNodes>
  betweenness: GraphTask<Sampled & Limited, RankedNodes>
  pageRank: GraphTask<
    {
      readonly direction: WalkDirection
      readonly damping: number
      readonly weighted: boolean
      readonly seeds: { readonly nodes: Int32Array; readonly weights: Float64Array } | null
    } & Limited,
    RankedNodes
  >
  bridges: GraphTask<Record<never, never>, { edges: Int32Array; nodes: Int32Array }>
  cycles: GraphTask<
    { readonly direction: WalkDirection; readonly maxLength: number; readonly limit: number },
    NumberedPath[]
  >
  topologicalOrder: GraphTask<
    { readonly type: number | null; readonly direction: WalkDirection },
    { order: Int32Array; cycle: NumberedPath | null }
  >
  similarNodes: GraphTask<{ readonly node: number; readonly limit: number }, NumberedSimilarity[]>
  metrics: GraphTask<Record<never, never>, NumberedMetrics>
}

export type GraphTaskName = keyof GraphTasks
export type GraphTaskOptions<Name extends GraphTaskName> = Parameters<GraphTasks[Name]>[1]
export type GraphTaskResult<Name extends GraphTaskName> = ReturnType<GraphTasks[Name]>
