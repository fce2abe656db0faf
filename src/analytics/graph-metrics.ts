import type { GraphBackend } from '../backends/graph-backend.js'
import type { GraphMetrics } from '../graph/graph-view.js'
import { keyOfNode } from '../graph/view/node-key.js'
import { graphMetricsOptionsSchema } from '../model/analytics-options.js'
import { validate } from '../model/validation.js'
import type { AnalysisOptions } from './analysis-options.js'
import { eachInTurn } from './each-in-turn.js'

/** Figures of the memories of one type. */
export type MemoryTypeMetrics = {
  count: number
  /** Those without relationships. */
  isolated: number
  /** Relationships at one of them, on average; a self-loop counts twice. */
  average_degree: number
}

/** Figures of a graph, and of its memories by their type. */
export type MemoryGraphMetrics = GraphMetrics & { memory_types: { [memoryType: string]: MemoryTypeMetrics } }

/**
 * Figures of the graph, as `metrics()` of a view, and of its memories by their type. What is written meanwhile may or may not be
 * seen.
 *
 * @throws `MG_VALIDATION` · `MG_GRAPH_TOO_LARGE` · `MG_ABORTED`
 */
export async function graphMetrics(
  backend: Pick<GraphBackend, 'graph' | 'listMemories'>,
  options: AnalysisOptions = {},
): Promise<MemoryGraphMetrics> {
  const { part, run } = validate(graphMetricsOptionsSchema, options, 'metrics options')
  const view = await backend.graph(part as AnalysisOptions)
  const metrics = await view.metrics(run)
  const graph = await view.graphology(run)
  const degrees = new Map<string, { count: number; isolated: number; degrees: number }>()
  for await (const { id, type } of eachInTurn(backend.listMemories(), 'reading memories', null, run)) {
    const key = keyOfNode(graph, id)
    if (key === undefined) continue
    const ofType = degrees.get(type) ?? { count: 0, isolated: 0, degrees: 0 }
    degrees.set(type, ofType)
    const degree = graph.degree(key)
    ofType.count++
    ofType.degrees += degree
    if (degree === 0) ofType.isolated++
  }
  const types = [...degrees].map(([type, { count, isolated, degrees: sum }]): [string, MemoryTypeMetrics] => [
    type,
    { count, isolated, average_degree: sum / count },
  ])
  return { ...metrics, memory_types: Object.fromEntries(types) }
}
