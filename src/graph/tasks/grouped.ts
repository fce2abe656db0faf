/** Nodes in groups, the greatest first, then by least number: those of `group` are at `starts[group]` to `starts[group + 1]` - 1, ascending. */
export type NodeGroups = { starts: Int32Array; nodes: Int32Array }

/** The groups of nodes by the number of each one's group, where groups are numbered in the order of their least node. */
export function grouped(groupOf: Int32Array): NodeGroups {
  const count = groupOf.reduce((greatest, group) => Math.max(greatest, group), -1) + 1
  const sizes = new Int32Array(count)
  for (const group of groupOf) (sizes[group] as number)++
  const places = placesBySize(sizes, groupOf.length)
  const starts = new Int32Array(count + 1)
  for (let group = 0; group < count; group++) starts[(places[group] as number) + 1] = sizes[group] as number
  for (let place = 0; place < count; place++) (starts[place + 1] as number) += starts[place] as number
  const next = starts.slice()
  const nodes = new Int32Array(groupOf.length)
  groupOf.forEach((group, node) => {
    nodes[(next[places[group] as number] as number)++] = node
  })
  return { starts, nodes }
}

/** The place of each group when the greatest comes first; groups of one size stay in their order. */
function placesBySize(sizes: Int32Array, greatest: number): Int32Array {
  const next = new Int32Array(greatest + 2)
  for (const size of sizes) (next[greatest - size + 1] as number)++
  for (let at = 0; at <= greatest; at++) (next[at + 1] as number) += next[at] as number
  return sizes.map((size) => (next[greatest - size] as number)++)
}
