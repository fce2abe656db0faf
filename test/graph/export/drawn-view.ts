import type { GraphView } from '../../../src/graph/graph-view.js'
import { createGraphView } from '../../../src/graph/view/source-view.js'
import { snapshotOf } from '../naive/row-snapshot.js'

export type GivenNode = { readonly id: string; readonly label?: string }
export type GivenEdge = {
  readonly from: string
  readonly to: string
  readonly type?: string
  readonly strength?: number
  readonly id?: string
  readonly validUntil?: string | null
}

export const VALID_FROM = '2026-01-02T03:04:05.000000+00:00'

/** A view of a graph that does not change. */
export function viewOf(nodes: readonly (GivenNode | string)[], edges: readonly GivenEdge[]): GraphView {
  const snapshot = snapshotOf(
    nodes.map((node) => ({
      importance: null,
      label: 'Memory',
      ...(typeof node === 'string' ? { id: node } : node),
    })),
    edges.map(({ from, to, type = 'SOLVES', strength = 0.5, id, validUntil = null }, at) => ({
      id: id ?? `edge ${at}`,
      from,
      to,
      type,
      strength,
      valid_from: VALID_FROM,
      valid_until: validUntil,
    })),
  )
  return createGraphView({
    direction: 'both',
    snapshot: () => Promise.resolve(snapshot),
    neighbors: () => Promise.resolve(null),
  })
}

/** A ring of so many nodes, in which each is joined to the next. */
export function ringOf(order: number, chords = 0): GraphView {
  const name = (at: number): string => `n${String(at % order).padStart(5, '0')}`
  return viewOf(
    Array.from({ length: order }, (_, at) => name(at)),
    Array.from({ length: order + chords }, (_, at) => ({
      from: name(at),
      to: name(at < order ? at + 1 : at * 7 + 3),
      strength: (at % 10) / 10,
    })),
  )
}

/** Titles that mean something to one format or another. */
export const HOSTILE_TITLES: readonly string[] = [
  '<script>alert("x")</script>',
  ']]> --> <!-- &amp; &#60; &lt',
  'two\nlines\r\nand\ta tab',
  'a \u0000 NUL, \u0007 a bell, \u001b[31m red, \u009b a C1, \ufffe no character, \ud800 half a pair',
  'שלום \u202eevil\u202c \u2066עולם',
  '👩‍👩‍👧 family 🎉 日本語',
  'x'.repeat(10_000),
  '"quoted" \'single\' `tick` back\\slash\\',
  '#quot; #35; style a:b#c; classDef x:y#z; $$x^2$$ fa:fa-user',
  '1. list',
  '- dash _emphasis_ *star* snake_case',
  '  ',
  'subgraph [a] {b} (c) |d| end',
  '\\N \\G \\l %s \\',
  '=1+1, @SUM(A1)',
]
