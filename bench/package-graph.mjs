import { createReadStream, createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { v5 as uuid } from 'uuid'
import { below, randomOf, words, zipf } from './random.mjs'

const NAMESPACE = '3f5d4f0e-7c0b-4c57-9a51-6f3c1f0f6f6e'
const EPOCH = '2026-01-01T00:00:00.000000+00:00'
const REPLACED = '2026-06-01T00:00:00.000000+00:00'

const SYNTHETIC = { nodes: 68_820, relationships: 312_512 }

/** Every so many relationships one has ended, so that the past differs from the present. */
const ENDED_EVERY = 10

/**
 * Writes a package graph (`nodes.tsv.gz`: name, section, description, tags; `edges.tsv.gz`: from, to, type) as an export of memories
 * and relationships.
 *
 * @returns {Promise<{ nodes: number, relationships: number }>}
 */
export function writePackageGraph(folder, path) {
  return write(path, rowsOf(join(folder, 'nodes.tsv.gz')), rowsOf(join(folder, 'edges.tsv.gz')))
}

/** The same of a graph of that size that is made up: a few packages are what many depend on. */
export function writeSyntheticGraph(path) {
  const random = randomOf(7)
  const name = (at) => `package-${at}`
  const nodes = Array.from({ length: SYNTHETIC.nodes }, (_, at) => [
    name(at),
    `section-${below(random, 50)}`,
    `${words(random, 8)}${below(random, 3) === 0 ? ' library' : ''}`,
    `role::${below(random, 20)}`,
  ])
  const edges = new Map()
  while (edges.size < SYNTHETIC.relationships) {
    const [from, to] = [below(random, SYNTHETIC.nodes), zipf(random, SYNTHETIC.nodes)]
    if (from !== to) edges.set(`${from} ${to}`, [name(from), name(to), 'DEPENDS_ON'])
  }
  return write(path, nodes, edges.values())
}

async function write(path, nodes, edges) {
  const counts = { nodes: 0, relationships: 0 }
  async function* lines() {
    yield '{"format":"memorygraph-turso","version":1}\n'
    for await (const row of nodes) {
      counts.nodes++
      yield `${JSON.stringify(node(row))}\n`
    }
    for await (const row of edges) {
      counts.relationships++
      yield `${JSON.stringify(relationship(row, counts.relationships))}\n`
    }
    yield `${JSON.stringify({ kind: 'end', ...counts })}\n`
  }
  await pipeline(Readable.from(lines()), createWriteStream(path))
  return counts
}

function node([name, section, description, tags]) {
  const properties = {
    id: name,
    type: 'technology',
    title: name.slice(0, 200),
    content: description || name,
    tags: (tags ?? '').split(',').filter((tag) => tag !== ''),
    importance: 0.5,
    confidence: 0.8,
    usage_count: 0,
    created_at: EPOCH,
    updated_at: EPOCH,
    context_project_path: `/debian/${section}`,
    context_visibility: 'project',
  }
  return { kind: 'node', id: name, label: 'Memory', properties }
}

function relationship([from, to, type], at) {
  const isEnded = at % ENDED_EVERY === 0
  const properties = {
    strength: 0.5,
    confidence: 0.8,
    context: null,
    evidence_count: 1,
    success_rate: null,
    created_at: EPOCH,
    last_validated: EPOCH,
    validation_count: 0,
    counter_evidence_count: 0,
    valid_from: EPOCH,
    valid_until: isEnded ? REPLACED : null,
    recorded_at: EPOCH,
    invalidated_by: null,
  }
  const id = uuid(`${from} ${type} ${to}`, NAMESPACE)
  return { kind: 'relationship', id, from_memory_id: from, to_memory_id: to, type, properties }
}

async function* rowsOf(path) {
  const lines = createInterface({ input: createReadStream(path).pipe(createGunzip()), crlfDelay: Infinity })
  for await (const line of lines) if (line !== '') yield line.split('\t')
}
