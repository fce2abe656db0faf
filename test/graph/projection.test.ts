import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { GraphEdgeRow, GraphNodeRow } from '../../src/graph/graph-rows.js'
import { type EdgeFilter, Projection } from '../../src/graph/projection/projection.js'
import type { GraphSnapshot } from '../../src/graph/snapshot/graph-snapshot.js'
import { snapshotOf } from './naive/row-snapshot.js'

const ALL: EdgeFilter = { types: [], asOf: null, minStrength: null }
const BEGIN = '2026-01-01T00:00:00.000000+00:00'
const END = '2026-06-01T00:00:00.000000+00:00'

const nodeId = fc.constantFrom('a', 'b', 'c', 'd', 'é', '𝄞', '～', '__proto__')
const node: fc.Arbitrary<GraphNodeRow> = fc.record({
  id: nodeId,
  label: fc.constantFrom('Memory', 'Episode'),
  importance: fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
})
const edge: fc.Arbitrary<GraphEdgeRow> = fc.record({
  id: fc.constantFrom('1', '2', '3', '4', '5', '6', '7', '8'),
  from: nodeId,
  to: nodeId,
  type: fc.constantFrom('SOLVES', 'CAUSES', 'RELATED_TO'),
  strength: fc.constantFrom(0.1, 0.5, 0.9),
  valid_from: fc.constant(BEGIN),
  valid_until: fc.constantFrom(null, null, END),
})
const step = fc.oneof(
  fc.record({ kind: fc.constant('setNode' as const), row: node }),
  fc.record({ kind: fc.constant('setEdge' as const), row: edge }),
  fc.record({ kind: fc.constant('dropNode' as const), id: nodeId }),
  fc.record({ kind: fc.constant('dropEdge' as const), id: edge.map(({ id }) => id) }),
)
type Step = typeof step extends fc.Arbitrary<infer One> ? One : never

/** A projection, and what is in it by maps, after the same steps. */
function made(steps: readonly Step[]): {
  projection: Projection
  nodes: Map<string, GraphNodeRow>
  edges: Map<string, GraphEdgeRow>
} {
  const projection = new Projection()
  const nodes = new Map<string, GraphNodeRow>()
  const edges = new Map<string, GraphEdgeRow>()
  for (const one of steps) {
    if (one.kind === 'setNode') {
      projection.setNode(one.row)
      nodes.set(one.row.id, one.row)
    } else if (one.kind === 'setEdge') {
      projection.setEdge(one.row)
      edges.set(one.row.id, one.row)
    } else if (one.kind === 'dropNode') {
      projection.dropNode(one.id)
      nodes.delete(one.id)
    } else {
      projection.dropEdge(one.id)
      edges.delete(one.id)
    }
  }
  return { projection, nodes, edges }
}

function shown(snapshot: GraphSnapshot): unknown {
  const { graph, nodeIds, types } = snapshot
  return {
    nodes: nodeIds.map((id, number) => [id, snapshot.labelOf(number), snapshot.numberOf(id) === number]),
    edges: Array.from(graph.from, (from, edge) => [
      snapshot.edgeId(edge),
      nodeIds[from],
      nodeIds[graph.to[edge] as number],
      types[graph.type[edge] as number],
      graph.symmetric[graph.type[edge] as number],
      graph.strength[edge],
      snapshot.validFromOf(edge),
      snapshot.validUntilOf(edge),
    ]),
  }
}

describe('A projection', () => {
  it('gives the snapshot that its rows give, whatever was put in and taken out before', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        const { projection, nodes, edges } = made(steps)
        const current = [...edges.values()].filter(({ valid_until }) => valid_until === null)
        expect(shown(await projection.snapshot(ALL))).toEqual(shown(snapshotOf([...nodes.values()], current)))
        expect(projection.nodeCount).toBe(nodes.size)
        expect(projection.edgeCount).toBe(edges.size)
      }),
    )
  })

  it('lets through what a filter names', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        const { projection, nodes, edges } = made(steps)
        const rows = [...nodes.values()]
        const past = await projection.snapshot({ ...ALL, asOf: '2026-03-01T00:00:00.000000+00:00' })
        expect(shown(past)).toEqual(shown(snapshotOf(rows, [...edges.values()])))
        const strong = await projection.snapshot({ ...ALL, types: ['CAUSES'], minStrength: 0.5 })
        const kept = [...edges.values()].filter(
          ({ type, strength, valid_until }) => type === 'CAUSES' && strength >= 0.5 && valid_until === null,
        )
        expect(shown(strong)).toEqual(shown(snapshotOf(rows, kept)))
      }),
    )
  })

  it('leaves its snapshots as they are when it changes', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 30 }),
        fc.array(step, { maxLength: 30 }),
        async (before, then) => {
          const { projection } = made(before)
          const snapshot = await projection.snapshot(ALL)
          const seen = shown(snapshot)
          for (const one of then) {
            if (one.kind === 'setNode') projection.setNode(one.row)
            else if (one.kind === 'setEdge') projection.setEdge(one.row)
            else if (one.kind === 'dropNode') projection.dropNode(one.id)
            else projection.dropEdge(one.id)
          }
          expect(shown(snapshot)).toEqual(seen)
        },
      ),
    )
  })

  it('tells what is within some steps, in any direction, over nodes that exist', async () => {
    const naive = (
      edges: readonly GraphEdgeRow[],
      exists: (id: string) => boolean,
      start: string,
      depth: number,
      direction: string,
    ): { id: string; depth: number }[] => {
      const found = new Map(exists(start) ? [[start, 0]] : [])
      for (let steps = 1; steps <= depth; steps++)
        for (const [near, at] of [...found])
          for (const { from, to, type } of at === steps - 1 ? edges : []) {
            const isBoth = direction === 'both' || type === 'RELATED_TO'
            if ((isBoth || direction === 'outgoing') && from === near && exists(to) && !found.has(to))
              found.set(to, steps)
            if ((isBoth || direction === 'incoming') && to === near && exists(from) && !found.has(from))
              found.set(from, steps)
          }
      return [...found].filter(([id]) => id !== start).map(([id, at]) => ({ id, depth: at }))
    }
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 80 }),
        nodeId,
        fc.integer({ min: 1, max: 4 }),
        fc.constantFrom('outgoing' as const, 'incoming' as const, 'both' as const),
        async (steps, start, depth, direction) => {
          const { projection, nodes, edges } = made(steps)
          const current = [...edges.values()].filter(({ valid_until }) => valid_until === null)
          const found = await projection.reach(start, depth, direction, ALL)
          expect(new Set(found.map((one) => JSON.stringify(one)))).toEqual(
            new Set(
              naive(current, (id) => nodes.has(id), start, depth, direction).map((one) =>
                JSON.stringify(one),
              ),
            ),
          )
          const order = found.map((one) => [one.depth, Buffer.from(one.id)] as const)
          expect(order.toSorted((a, b) => a[0] - b[0] || Buffer.compare(a[1], b[1]))).toEqual(order)
        },
      ),
    )
  })

  it('does without what is gone once that is most of it', () => {
    const projection = new Projection()
    projection.setNode({ id: 'a', label: 'Memory', importance: null })
    const row = { from: 'a', to: 'a', type: 'CAUSES', strength: 1, valid_from: BEGIN, valid_until: null }
    for (let at = 0; at < 10_001; at++) projection.setEdge({ ...row, id: 'one' })
    expect(projection.edgeCount).toBe(1)
    expect(projection.isWasteful).toBe(false)
    projection.setEdge({ ...row, id: 'one' })
    expect(projection.isWasteful).toBe(true)
    expect([...projection.edges()]).toEqual([{ ...row, id: 'one' }])
  })
})

it('A snapshot of very many relationships between the same two nodes lets others have their turn', async () => {
  const projection = new Projection()
  for (const id of ['a', 'b']) projection.setNode({ id, label: 'Memory', importance: null })
  const count = 40_000
  for (let at = 0; at < count; at++) {
    const strength = at / count
    const row = { id: `e${at}`, from: 'a', to: 'b', type: 'CAUSES', strength }
    projection.setEdge({ ...row, valid_from: BEGIN, valid_until: null })
  }
  let longest = 0
  let before = performance.now()
  const timer = setInterval(() => {
    longest = Math.max(longest, performance.now() - before)
    before = performance.now()
  })
  const { graph } = await projection.snapshot(ALL)
  clearInterval(timer)
  expect(Math.max(longest, performance.now() - before)).toBeLessThan(300)
  expect(graph.strength).toEqual(Float64Array.from(graph.strength).sort().reverse())
})
