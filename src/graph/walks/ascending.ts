/** Different nodes of a graph of some order, by number: where they are many, by going through all, which is quicker than to sort them. */
export function ascending(nodes: readonly number[], order: number): Int32Array {
  if (nodes.length < order / 16) return Int32Array.from(nodes).sort()
  const isIn = new Uint8Array(order)
  for (const node of nodes) isIn[node] = 1
  const sorted = new Int32Array(nodes.length)
  let count = 0
  for (let node = 0; node < order; node++) if (isIn[node] === 1) sorted[count++] = node
  return sorted
}
