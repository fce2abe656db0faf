import type { CompactGraph } from '../snapshot/compact-graph.js'
import { stepsOf } from '../snapshot/steps.js'
import { strongComponents, weakComponents } from './components.js'
import { edgesAtNodes } from './degree.js'

/** Figures of a graph. */
export type NumberedMetrics = {
  order: number
  size: number
  /** Edges by pairs of nodes that could have one; 0 with fewer than two nodes. */
  density: number
  /** Edges at a node on average, a self-loop twice. */
  averageDegree: number
  /** The least node of those with the most edges; `null` without nodes. */
  greatestDegree: { node: number; degree: number } | null
  /** Nodes without edges. */
  isolated: number
  selfLoops: number
  /** The part of the edges between two nodes that are of a symmetric type, or beside one that leads back; 0 without. */
  reciprocity: number
  averageStrength: number | null
  weakComponents: number
  largestWeakComponent: number
  strongComponents: number
  /** Edges by the number of their type. */
  byType: Int32Array
}

/** Counts what there is in a graph. Takes time in proportion to it. */
export function metricsOf(graph: CompactGraph): NumberedMetrics {
  const { order, size, from, to, type, strength, symmetric } = graph
  const degrees = edgesAtNodes(graph)
  const weak = sizesOf(weakComponents(graph))
  const byType = new Int32Array(symmetric.length)
  let selfLoops = 0
  let strengths = 0
  for (let edge = 0; edge < size; edge++) {
    ;(byType[type[edge] as number] as number)++
    if (from[edge] === to[edge]) selfLoops++
    strengths += strength[edge] as number
  }
  const between = size - selfLoops
  return {
    order,
    size,
    density: order < 2 ? 0 : size / (order * (order - 1)),
    averageDegree: order === 0 ? 0 : (2 * size) / order,
    greatestDegree: greatestOf(degrees),
    isolated: degrees.reduce((count, degree) => (degree === 0 ? count + 1 : count), 0),
    selfLoops,
    reciprocity: between === 0 ? 0 : reciprocated(graph) / between,
    averageStrength: size === 0 ? null : strengths / size,
    weakComponents: weak.length,
    largestWeakComponent: weak.reduce((greatest, nodes) => Math.max(greatest, nodes), 0),
    strongComponents: sizesOf(strongComponents(graph)).length,
    byType,
  }
}

function greatestOf(degrees: Int32Array): { node: number; degree: number } | null {
  if (degrees.length === 0) return null
  const degree = degrees.reduce((greatest, one) => Math.max(greatest, one))
  return { node: degrees.indexOf(degree), degree }
}

/** By component: how many nodes are in it. */
function sizesOf(components: Int32Array): Int32Array {
  const count = components.reduce((greatest, component) => Math.max(greatest, component + 1), 0)
  const sizes = new Int32Array(count)
  for (const component of components) (sizes[component] as number)++
  return sizes
}

/** Edges between two nodes beside which, or along which, a step leads back. */
function reciprocated(graph: CompactGraph): number {
  const outgoing = stepsOf(graph, 'outgoing')
  const incoming = stepsOf(graph, 'incoming')
  let count = 0
  for (let node = 0; node < graph.order; node++) {
    let back = incoming.starts[node] as number
    const backEnd = incoming.starts[node + 1] as number
    const end = outgoing.starts[node + 1] as number
    for (let step = outgoing.starts[node] as number; step < end; step++) {
      const next = outgoing.far[step] as number
      while (back < backEnd && (incoming.far[back] as number) < next) back++
      const isEdgeOfNode = graph.from[outgoing.edge[step] as number] === node && next !== node
      if (isEdgeOfNode && back < backEnd && incoming.far[back] === next) count++
    }
  }
  return count
}
