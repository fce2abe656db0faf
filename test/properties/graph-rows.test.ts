import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { GraphLevel, GraphPart, GraphReader, NodeRow } from '../../src/backends/graph-driver.js'
import { InMemoryDriver } from '../../src/backends/in-memory/in-memory-driver.js'
import { ScopedReader } from '../../src/backends/scope/scoped-reader.js'
import { Connection } from '../../src/backends/turso/local/connection.js'
import { CREATE_GRAPH_TABLES, CREATE_OWN_TABLES, CREATE_TRIGGERS } from '../../src/backends/turso/schema.js'
import { SqlReader } from '../../src/backends/turso/sql-reader.js'
import type { GraphEdgeRow, GraphNodeRow } from '../../src/graph/graph-rows.js'
import type { GraphNeighbor } from '../../src/graph/graph-view.js'
import type { RelationshipRow } from '../../src/model/relationship-row.js'
import type { Scope } from '../../src/model/scope.js'
import { compareText } from '../../src/model/text-order.js'

/* What readers of a graph give is what plain loops over its rows find. */

type StoredNode = NodeRow & { readonly importance: number | null; readonly tenant: string | null }
type StoredEdge = RelationshipRow & { readonly strength: number }
type Graph = { readonly nodes: readonly StoredNode[]; readonly edges: readonly StoredEdge[] }
type Question = GraphLevel & {
  readonly ids: readonly string[]
  readonly limit: number
  readonly depth: number
  readonly ways: readonly GraphLevel[]
}

const NODE_IDS = ['a', 'b', 'c d', 'é', '\u{1f600}', '\uffff', 'constructor', `it's "d"`, '0', '0.0']
/** Where nothing is. */
const NOWHERE = ['absent', 'ab']
const TYPES = ['SOLVES', 'CAUSES', 'RELATED_TO']
const AT = '2026-01-01T00:00:00.000000+00:00'
/** Properties, and the strength that they say. */
const PROPERTIES: readonly (readonly [string, number])[] = [
  ['{}', 0.5],
  ['{"strength": 0}', 0],
  ['{"strength": 0.30000000000000004}', 0.30000000000000004],
  ['{"strength": 0.7, "context": "\\ud83d\\ude00"}', 0.7],
  ['{"strength": 5e-324}', 5e-324],
  ['{"strength": 2}', 2],
  ['{"strength": 1e999}', 0.5],
  ['{"strength": "0.9"}', 0.5],
  ['{"strength": [0.9]}', 0.5],
  ['{"strength": null}', 0.5],
  ['[0.9]', 0.5],
  ['{"strength": 0.9', 0.5],
]
const IMPORTANCES = [0, 1, 0.3, 0.30000000000000004, 1 / 3]

const node = (id: string): fc.Arbitrary<StoredNode> =>
  fc
    .record({
      label: fc.constantFrom('Memory', 'Memory', 'Task'),
      tenant: fc.constantFrom('t', 't', 'u', null),
      importance: fc.constantFrom(...IMPORTANCES),
      isBroken: fc.nat(9).map((number) => number === 0),
    })
    .map(({ label, tenant, importance, isBroken }) => {
      const properties = isBroken ? '{' : JSON.stringify({ importance, context_tenant_id: tenant })
      const isMemory = label === 'Memory' && !isBroken
      return {
        id,
        label,
        properties,
        importance: isMemory ? importance : null,
        tenant: isBroken ? null : tenant,
      }
    })
const nodes = fc.subarray(NODE_IDS, { minLength: 1 }).chain((ids) => fc.tuple(...ids.map(node)))

const edge = (id: string, ends: readonly string[]): fc.Arbitrary<StoredEdge> =>
  fc
    .record({
      from_id: fc.constantFrom(...ends),
      to_id: fc.constantFrom(...ends),
      rel_type: fc.constantFrom(...TYPES),
      said: fc.constantFrom(...PROPERTIES),
      valid_until: fc.constantFrom(null, null, AT),
    })
    .map(({ said: [properties, strength], ...row }) => {
      return { ...row, id, properties, strength, valid_from: AT, recorded_at: AT, invalidated_by: null }
    })

/** A graph; where relationships dangle, with such as no store of this library would take. */
const graphs = (dangling: readonly string[]): fc.Arbitrary<Graph> =>
  nodes.chain((rows) => {
    const ends = [...rows.map(({ id }) => id), ...dangling]
    const ids = Array.from({ length: 20 }, (_, at) => (at % 5 === 0 ? `ü${at}` : `r${at}`))
    return fc
      .subarray(ids)
      .chain((some) => fc.tuple(...some.map((id) => edge(id, ends))))
      .map((edges) => ({ nodes: rows, edges }))
  })

const level = {
  direction: fc.constantFrom('outgoing', 'incoming', 'both'),
  types: fc.subarray([...TYPES, 'FIXES']),
  currentOnly: fc.boolean(),
}
const questions: fc.Arbitrary<Question> = fc.record({
  ...level,
  ids: fc.array(fc.constantFrom(...NODE_IDS, ...NOWHERE, 'r1', 'r2', 'r3', 'r4', 'ü5', 'ü10'), {
    maxLength: 8,
  }),
  limit: fc.integer({ min: 1, max: 6 }),
  depth: fc.constantFrom(1, 2, 3, 9),
  ways: fc.array(fc.record(level), { minLength: 1, maxLength: 2 }),
})

const TENANT: Scope = [{ property: 'context_tenant_id', value: 't' }]

function rowOfNode({ id, label, importance }: StoredNode): GraphNodeRow {
  return { id, label, importance }
}

function rowOfEdge({
  id,
  from_id,
  to_id,
  rel_type,
  strength,
  valid_from,
  valid_until,
}: StoredEdge): GraphEdgeRow {
  return { id, from: from_id, to: to_id, type: rel_type, strength, valid_from, valid_until }
}

/** The part of a graph that is inside a scope. */
function inside({ nodes, edges }: Graph): Graph {
  const kept = nodes.filter(({ tenant }) => tenant === 't')
  const ids = new Set(kept.map(({ id }) => id))
  return { nodes: kept, edges: edges.filter(({ from_id, to_id }) => ids.has(from_id) && ids.has(to_id)) }
}

/** The steps of one level of a walk: a relationship, and where it leads. */
function stepsOf(
  { edges }: Graph,
  ids: readonly string[],
  { direction, types, currentOnly }: GraphLevel,
): [StoredEdge, string][] {
  return edges
    .filter(({ rel_type }) => types.length === 0 || types.includes(rel_type))
    .filter(({ valid_until }) => !currentOnly || valid_until === null)
    .flatMap((row): [StoredEdge, string][] => [
      ...(direction !== 'incoming' && ids.includes(row.from_id)
        ? [[row, row.to_id] as [StoredEdge, string]]
        : []),
      ...(direction !== 'outgoing' && ids.includes(row.to_id)
        ? [[row, row.from_id] as [StoredEdge, string]]
        : []),
    ])
}

/** What is within some steps, over nodes that exist. */
function reachIn(graph: Graph, { ids, depth, ways }: Question): GraphNeighbor[] {
  const isThere = (id: string): boolean => graph.nodes.some((node) => node.id === id)
  const found: GraphNeighbor[] = []
  let reached = ids.filter(isThere)
  for (let steps = 1; steps <= depth; steps++) {
    const far = ways.flatMap((way) => stepsOf(graph, reached, way).map(([, id]) => id))
    const unmet = [...new Set(far)].filter((id) => isThere(id) && !reached.includes(id))
    found.push(...unmet.map((id) => ({ id, depth: steps })))
    reached = [...reached, ...unmet]
  }
  return found
}

const byId = (a: { readonly id: string }, b: { readonly id: string }): number => compareText(a.id, b.id)

/** All pages one after the other. */
async function pages<GraphRow>(
  limit: number,
  read: (after: string | null) => Promise<GraphPart<GraphRow>>,
): Promise<GraphRow[]> {
  const found: GraphRow[] = []
  for (let after: string | null = null; ; ) {
    const { rows, next }: GraphPart<GraphRow> = await read(after)
    expect(rows.length).toBeLessThanOrEqual(limit)
    found.push(...rows)
    if (next === null) return found
    after = next
  }
}

async function expectRead(reader: GraphReader, graph: Graph, question: Question): Promise<void> {
  const { ids, limit } = question
  const { nodes, edges } = graph
  expect(await reader.countGraph([])).toEqual({ nodes: nodes.length, relationships: edges.length })
  for (const wanted of [null, ids]) {
    const isWanted = ({ id }: { readonly id: string }): boolean => wanted?.includes(id) ?? true
    const foundNodes = await pages(limit, (after) => reader.findGraphNodes({ ids: wanted, after, limit }, []))
    expect(foundNodes).toEqual(nodes.filter(isWanted).map(rowOfNode).sort(byId))
    const foundEdges = await pages(limit, (after) => reader.findGraphEdges({ ids: wanted, after, limit }))
    expect(foundEdges.sort(byId)).toEqual(edges.filter(isWanted).map(rowOfEdge).sort(byId))
  }
  const steps = stepsOf(graph, ids, question)
  const met = new Map(steps.map(([row]) => [row.id, rowOfEdge(row)]))
  expect((await reader.getGraphEdges(ids, question)).sort(byId)).toEqual([...met.values()].sort(byId))
  const found = await reader.getReach(ids, question.depth, question.ways)
  expect(found.sort(byId)).toEqual(reachIn(graph, question).sort(byId))
}

/** What a reader gives of a graph as a whole, and of what is inside a scope, asked for in either way. */
async function expectReadByScopes(reader: GraphReader, graph: Graph, question: Question): Promise<void> {
  await expectRead(reader, graph, question)
  const part = inside(graph)
  await expectRead(new ScopedReader(reader, TENANT), part, question)
  expect(await reader.countGraph(TENANT)).toEqual({
    nodes: part.nodes.length,
    relationships: part.edges.length,
  })
  const { limit } = question
  const found = await pages(limit, (after) => reader.findGraphNodes({ ids: null, after, limit }, TENANT))
  expect(found).toEqual(part.nodes.map(rowOfNode).sort(byId))
}

let file: Connection

beforeAll(async () => {
  file = await Connection.open({ path: ':memory:', encryptionKey: undefined })
  file.exec(`PRAGMA foreign_keys = OFF; ${CREATE_GRAPH_TABLES} ${CREATE_OWN_TABLES} ${CREATE_TRIGGERS}`)
})

afterAll(() => file.close())

function write({ nodes, edges }: Graph): void {
  file.exec('DELETE FROM relationships; DELETE FROM nodes; DELETE FROM mg_change')
  for (const { id, label, properties } of nodes)
    file.run('INSERT INTO nodes (id, label, properties) VALUES (?, ?, ?)', [id, label, properties])
  for (const { id, from_id, to_id, rel_type, properties, valid_from, valid_until } of edges)
    file.run(
      `INSERT INTO relationships (id, from_id, to_id, rel_type, properties, valid_from, valid_until) VALUES (?, ?, ?, ?, ?, ?, ?)`,
      [id, from_id, to_id, rel_type, properties, valid_from, valid_until],
    )
}

it('SQL gives the rows of a graph, also of relationships that dangle', async () => {
  const reader = new SqlReader({ read: async (queries) => file.read(queries) })
  await fc.assert(
    fc.asyncProperty(graphs(NOWHERE), questions, async (graph, question) => {
      write(graph)
      await expectReadByScopes(reader, graph, question)
      const newest = graph.edges.at(-1)
      const change = newest && { kind: 'relationship', id: newest.id, op: 'insert' }
      if (change) expect(await reader.getLatestChange()).toMatchObject(change)
    }),
    { numRuns: 300 },
  )
})

it('The store in memory gives the same', async () => {
  await fc.assert(
    fc.asyncProperty(graphs([]), questions, async (graph, question) => {
      const driver = new InMemoryDriver()
      await driver.write(async (writer) => {
        await writer.putNodes(graph.nodes)
        await writer.insertRelationships(graph.edges)
        await expectRead(writer, graph, question)
      })
      await expectReadByScopes(driver.reader, graph, question)
    }),
    { numRuns: 300 },
  )
})
