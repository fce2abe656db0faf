import { MemoryError } from '../errors.js'
import type { Memory } from '../model/memory.js'
import { decodeMemory, decodeObject } from '../model/memory-properties.js'
import { type GraphNode, MEMORY_LABEL, type NodeVersion } from '../model/node.js'
import type { Timestamp } from '../model/timestamp.js'
import type { GraphReader, VersionRow } from './graph-driver.js'
import { memoryOf } from './memory-rows.js'

/** The earlier versions of a memory that are kept, oldest first. */
export async function memoryHistory(reader: GraphReader, id: string): Promise<Memory[]> {
  return (await reader.getVersions([id])).map(versionOf)
}

/** Nodes, each with the earlier versions of it that are kept. */
export async function withHistory(reader: GraphReader, nodes: readonly GraphNode[]): Promise<GraphNode[]> {
  const revised = nodes.filter(({ version }) => version !== undefined).map(({ id }) => id)
  const histories = new Map<string, NodeVersion[]>()
  for (const { id, version, properties, replaced_at } of await reader.getVersions(revised)) {
    const earlier = { version, properties: decodeObject(id, properties), replaced_at }
    const history = histories.get(id)
    if (history) history.push(earlier)
    else histories.set(id, [earlier])
  }
  return nodes.map((node) => {
    const history = histories.get(node.id)
    return history ? { ...node, history } : node
  })
}

/** The memory as it was at an instant; `null` before it was created, and when there is none now. */
export async function memoryAt(reader: GraphReader, id: string, at: Timestamp): Promise<Memory | null> {
  const [[row], versions] = await Promise.all([reader.getNodes([id]), reader.getVersions([id])])
  if (row?.label !== MEMORY_LABEL) return null
  const place = versions.findIndex(({ replaced_at }) => replaced_at > at)
  const version = versions[place]
  const memory = version ? versionOf(version) : memoryOf(row)
  const before = place === -1 ? versions.at(-1) : versions[place - 1]
  const isNextInLine = before?.version === memory.version - 1
  if (isNextInLine) return memory
  if (memory.version === 1) return memory.created_at <= at ? memory : null
  if (memory.updated_at <= at) return memory
  throw pruned(id, at, memory.version)
}

function versionOf({ id, version, properties }: VersionRow): Memory {
  return decodeMemory(id, properties, version)
}

function pruned(id: string, at: Timestamp, oldest: number): MemoryError {
  return new MemoryError(
    `The version of ${JSON.stringify(id)} of ${at} is not kept any more (the oldest is version ${oldest}): keep more with the option keepVersions`,
    { code: 'MG_HISTORY_PRUNED', details: { id, as_of: at, oldest } },
  )
}
