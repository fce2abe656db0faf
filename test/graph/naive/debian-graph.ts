import { existsSync, readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { type CompactGraph, compactGraphOf } from '../../../src/graph/snapshot/compact-graph.js'
import { symmetryOf } from '../../../src/graph/snapshot/symmetry-of.js'
import { randomOf } from '../../support/random.js'

const folder = new URL('../../../../shared/data/debian-graph/', import.meta.url)

/** Whether the graph of Debian's packages is there. */
export const hasDebianGraph: boolean = existsSync(folder)

/** The graph of Debian's packages: 68,820 of them, and 312,512 relationships, whose strengths are drawn. */
export function debianGraph(): CompactGraph {
  const nodes = rowsOf('nodes').map(([id]) => id as string)
  const numbers = new Map(nodes.sort().map((id, number) => [id, number]))
  const rows = rowsOf('edges')
  const types = [...new Set(rows.map(([, , type]) => type as string))].sort()
  const random = randomOf(11)
  const edges = rows.map(([from, to, type]) => ({
    from: numbers.get(from as string) as number,
    to: numbers.get(to as string) as number,
    type: types.indexOf(type as string),
    strength: Math.ceil(random() * 10) / 10,
  }))
  return compactGraphOf(
    nodes.length,
    edges,
    [...symmetryOf(types)].flatMap((flag, type) => (flag === 1 ? [type] : [])),
  )
}

function rowsOf(name: string): string[][] {
  const text = gunzipSync(readFileSync(new URL(`${name}.tsv.gz`, folder))).toString()
  return text
    .trimEnd()
    .split('\n')
    .map((line) => line.split('\t'))
}
