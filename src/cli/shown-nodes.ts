import type { GraphBackend } from '../backends/graph-backend.js'
import type { GraphNode } from '../model/node.js'

/** What a person is shown of a node: of a memory its type, of any other its label. */
export type ShownNode = { id: string; label: string; type: string; title: string }

/** What is shown of the nodes with these ids, by id. Is no use of them. */
export async function shownNodes(
  backend: GraphBackend,
  ids: readonly string[],
): Promise<Map<string, ShownNode>> {
  const nodes = await backend.getNodes([...new Set(ids)])
  return new Map(nodes.map((node) => [node.id, shownNode(node)]))
}

/** What is shown of a node. */
export function shownNode({ id, label, properties }: GraphNode): ShownNode {
  const text = (name: string): string | undefined =>
    typeof properties[name] === 'string' ? properties[name] : undefined
  return { id, label, type: text('type') ?? label, title: text('title') ?? text('name') ?? id }
}
