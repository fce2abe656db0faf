import { execFileSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { MultiDirectedGraph } from 'graphology'
import Database from 'libsql'

/*
 * Other ways to find the nodes within some steps of one, along current relationships as they point. Each gives a function of a start and a
 * number of steps that returns how many there are.
 */

/** The types of a graph of packages that hold in one direction, so that all sides walk the same way. */
export const TYPES = ['DEPENDS_ON', 'REQUIRES']
const OF_TYPES = `+r.rel_type IN (${TYPES.map((type) => `'${type}'`).join(', ')})`

const WITHIN = `
WITH RECURSIVE walk(id, depth) AS (
  SELECT ?1, 0
  UNION SELECT r.to_id, depth + 1 FROM walk JOIN relationships AS r ON r.from_id = walk.id
  WHERE depth < ?2 AND +r.valid_until IS NULL AND ${OF_TYPES})
SELECT DISTINCT id FROM walk WHERE id <> ?1`

/** A recursive query of the engine. */
export function openQuery(path) {
  const database = new Database(path)
  const statement = database.prepare(WITHIN).raw()
  return { within: (start, depth) => statement.all(start, depth).length, close: () => database.close() }
}

/** The current relationships of a file. */
export function currentEdges(path) {
  const database = new Database(path)
  const edges = database
    .prepare(`SELECT id, from_id, to_id FROM relationships AS r WHERE +valid_until IS NULL AND ${OF_TYPES}`)
    .raw()
    .all()
  database.close()
  return edges
}

/** A graphology graph in memory, walked breadth first. */
export function graphologyOf(edges) {
  const graph = new MultiDirectedGraph()
  for (const [id, from, to] of edges) {
    graph.mergeNode(from)
    graph.mergeNode(to)
    graph.addDirectedEdgeWithKey(id, from, to)
  }
  const within = (start, depth) => {
    const met = new Set([start])
    let frontier = [start]
    for (let steps = 0; steps < depth && frontier.length > 0; steps++) {
      const next = []
      for (const near of frontier)
        graph.forEachOutNeighbor(near, (far) => {
          if (met.has(far)) return
          met.add(far)
          next.push(far)
        })
      frontier = next
    }
    return met.size - 1
  }
  return { within }
}

/**
 * Kuzu, installed for this run alone into a folder.
 *
 * @throws it cannot be installed
 */
export async function openKuzu(folder, edges) {
  const install = ['install', '--prefix', folder, '--no-save', '--ignore-scripts=false', 'kuzu@0.11.3']
  execFileSync('npm', install, { stdio: ['ignore', 'ignore', 'pipe'] })
  const kuzu = createRequire(join(folder, 'package.json'))('kuzu')
  const database = new kuzu.Database(join(folder, 'graph.kuzu'))
  const connection = new kuzu.Connection(database)
  const run = async (query) => (await connection.query(query)).getAll()
  await run('CREATE NODE TABLE Node(id STRING PRIMARY KEY)')
  await run('CREATE REL TABLE Joins(FROM Node TO Node)')
  const { writeFileSync } = await import('node:fs')
  const quoted = (text) => `"${text.replaceAll('"', '""')}"`
  const ids = [...new Set(edges.flatMap(([, from, to]) => [from, to]))]
  writeFileSync(join(folder, 'nodes.csv'), `${ids.map(quoted).join('\n')}\n`)
  writeFileSync(
    join(folder, 'edges.csv'),
    `${edges.map(([, from, to]) => `${quoted(from)},${quoted(to)}`).join('\n')}\n`,
  )
  await run(`COPY Node FROM '${join(folder, 'nodes.csv')}' (HEADER=false)`)
  await run(`COPY Joins FROM '${join(folder, 'edges.csv')}' (HEADER=false)`)
  const statements = new Map()
  const within = async (start, depth) => {
    let statement = statements.get(depth)
    if (!statement) {
      const query = `MATCH (a:Node {id: $start})-[:Joins* SHORTEST 1..${depth}]->(b:Node) WHERE b.id <> $start RETURN b.id`
      statement = await connection.prepare(query)
      statements.set(depth, statement)
    }
    const result = await connection.execute(statement, { start })
    return (await result.getAll()).length
  }
  return { within, close: () => database.close() }
}
