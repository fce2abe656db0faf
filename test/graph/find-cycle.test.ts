import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Edge, findCycles, findCycleThrough } from '../../src/graph/cycles/find-cycle.js'

const edge = fc.record({ from: fc.integer({ max: 9, min: 0 }), to: fc.integer({ max: 9, min: 0 }) })
const edgeLists: fc.Arbitrary<Edge[]> = fc
  .array(edge, { maxLength: 25 })
  .map((edges) => edges.map(({ from, to }) => ({ from: `n${from}`, to: `n${to}` })))

/** Whether one node leads to another, by trying. */
function leadsTo(edges: readonly Edge[], start: string, goal: string): boolean {
  const met = new Set([start])
  for (const id of met) for (const { from, to } of edges) if (from === id) met.add(to)
  return met.has(goal)
}

function isWalk(edges: readonly Edge[], path: readonly string[]): boolean {
  return path.slice(1).every((to, at) => edges.some((one) => one.from === path[at] && one.to === to))
}

describe('findCycleThrough()', () => {
  it('finds a cycle through one of the edges exactly where there is one', () => {
    fc.assert(
      fc.property(edgeLists, edgeLists, (stored, added) => {
        const edges = [...stored, ...added]
        const path = findCycleThrough(edges, added)
        const isThere = added.some(({ from, to }) => leadsTo(edges, to, from))
        expect(path !== null).toBe(isThere)
        if (!path) return
        expect(path[0]).toBe(path.at(-1))
        expect(isWalk(edges, path)).toBe(true)
        expect(added.some(({ from, to }) => from === path[0] && to === path[1])).toBe(true)
        expect(new Set(path).size).toBe(path.length - 1)
      }),
    )
  })
})

describe('a chain of a hundred thousand', () => {
  const chain = Array.from({ length: 100_000 }, (_, at) => ({ from: `n${at}`, to: `n${at + 1}` }))
  const closing = { from: 'n100000', to: 'n0' }

  it('has no cycle until its end leads to its begin', () => {
    expect(findCycleThrough(chain, chain)).toBeNull()
    expect(findCycles(chain)).toEqual([])
    expect(findCycleThrough([...chain, closing], [closing])).toHaveLength(100_002)
    expect(findCycles([...chain, closing])[0]).toHaveLength(100_002)
  })
})

describe('findCycles()', () => {
  it('finds a cycle exactly where a node leads to itself', () => {
    fc.assert(
      fc.property(edgeLists, (edges) => {
        const cycles = findCycles(edges)
        for (const path of cycles) expect(isWalk(edges, path) && path[0] === path.at(-1)).toBe(true)
        const isCyclic = edges.some(({ from, to }) => leadsTo(edges, to, from))
        expect(cycles.length > 0).toBe(isCyclic)
      }),
    )
  })
})
