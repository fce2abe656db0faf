import type { NumberedMetrics } from '../algorithms/metrics.js'
import type { GraphMetrics } from '../graph-view.js'
import type { GraphSnapshot } from '../snapshot/graph-snapshot.js'
import { inTurns } from '../turns/in-turns.js'
import type { TurnWatch } from '../turns/turns.js'

/** Figures of a snapshot, with the names of what they are of. */
export async function namedMetrics(
  snapshot: GraphSnapshot,
  numbered: NumberedMetrics,
  { signal }: TurnWatch,
): Promise<GraphMetrics> {
  const { greatestDegree } = numbered
  const nodesByLabel = new Map<string, number>()
  await inTurns(
    snapshot.graph.order,
    (node) => {
      const label = snapshot.labelOf(node)
      nodesByLabel.set(label, (nodesByLabel.get(label) ?? 0) + 1)
    },
    { signal },
  )
  const byType = [...numbered.byType].map((count, type): [string, number] => [
    snapshot.types[type] as string,
    count,
  ])
  return {
    nodes: numbered.order,
    relationships: numbered.size,
    density: numbered.density,
    average_degree: numbered.averageDegree,
    greatest_degree: greatestDegree && {
      id: snapshot.nodeIds[greatestDegree.node] as string,
      degree: greatestDegree.degree,
    },
    isolated: numbered.isolated,
    self_loops: numbered.selfLoops,
    reciprocity: numbered.reciprocity,
    average_strength: numbered.averageStrength,
    components: numbered.weakComponents,
    largest_component: numbered.largestWeakComponent,
    strong_components: numbered.strongComponents,
    relationships_by_type: byName(byType.filter(([, count]) => count > 0)),
    nodes_by_label: byName([...nodesByLabel]),
  }
}

function byName(counts: readonly [string, number][]): { [name: string]: number } {
  return Object.fromEntries(counts.toSorted(([a], [b]) => (a < b ? -1 : 1)))
}
