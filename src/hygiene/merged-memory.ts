import type { CompleteMemoryPatch, Memory } from '../model/memory.js'
import { CONTEXT_FIELDS, CONTEXT_LISTS, type MemoryContext } from '../model/memory-context.js'
import type { GraphNode } from '../model/node.js'

/** Properties of the first node with those that only others have, such as fields of other programs; `null` when there are none. */
export function mergedProperties(nodes: readonly GraphNode[]): GraphNode['properties'] | null {
  const [kept, ...others] = nodes
  const own = Object.entries(kept?.properties ?? {})
  const properties = new Map(own) // a name may be that of what objects inherit
  for (const other of others) {
    for (const [name, value] of Object.entries(other.properties)) {
      if (!properties.has(name) && !name.startsWith('context_')) properties.set(name, value)
    }
  }
  return properties.size > own.length ? Object.fromEntries(properties) : null
}

/** What a memory becomes when it takes over what it lacks of others. */
export function mergedMemory(kept: Memory, others: readonly Memory[]): CompleteMemoryPatch {
  const all = [kept, ...others]
  const greatest = (values: readonly (number | null)[]): number | null => {
    const known = values.filter((value) => value !== null)
    return known.length === 0 ? null : Math.max(...known)
  }
  return {
    id: kept.id,
    content: mergedContent(kept, others),
    summary: all.map(({ summary }) => summary).find((summary) => summary !== null),
    tags: [...new Set(all.flatMap(({ tags }) => tags))],
    importance: greatest(all.map(({ importance }) => importance)),
    confidence: greatest(all.map(({ confidence }) => confidence)),
    effectiveness: greatest(all.map(({ effectiveness }) => effectiveness)),
    usage_count: all.reduce((sum, { usage_count }) => sum + usage_count, 0),
    created_at: all.flatMap(({ created_at }) => created_at || []).toSorted()[0],
    last_accessed: all
      .flatMap(({ last_accessed }) => last_accessed ?? [])
      .toSorted()
      .at(-1),
    context: mergedContext(kept, others),
  }
}

function mergedContent(kept: Memory, others: readonly Memory[]): string {
  let content = kept.content
  for (const { title, content: more } of others) {
    const parts = [...(title === kept.title ? [] : [title]), ...(content.includes(more.trim()) ? [] : [more])]
    for (const part of parts) content += `\n\n${part}`
  }
  return content
}

function mergedContext(kept: Memory, others: readonly Memory[]): Partial<MemoryContext> {
  const contexts = [kept, ...others].flatMap(({ context }) => context ?? [])
  const merged: Record<string, unknown> = {}
  for (const field of CONTEXT_FIELDS) {
    const values = contexts.map((context) => context[field])
    if (CONTEXT_LISTS.has(field)) merged[field] = [...new Set((values as string[][]).flat())]
    else merged[field] = values.find((value) => value !== null)
  }
  const said = contexts.toReversed().flatMap((context) => Object.entries(context.additional_metadata ?? {}))
  const metadata: Record<string, unknown> = Object.fromEntries(said)
  const before: unknown = metadata['merged_from']
  merged['additional_metadata'] = {
    ...metadata,
    merged_from: [...new Set([...(Array.isArray(before) ? before : []), ...others.map(({ id }) => id)])],
  }
  return merged as Partial<MemoryContext>
}
