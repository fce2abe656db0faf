/** The first so many items in an order, without sorting all of them. */
export function firstInOrder<Item>(
  items: Iterable<Item>,
  count: number,
  compare: (a: Item, b: Item) => number,
): Item[] {
  const best: Item[] = []
  let worst: { readonly item: Item } | null = null
  for (const item of items) {
    if (worst !== null && compare(item, worst.item) >= 0) continue
    best.push(item)
    if (best.length < 2 * count + 100) continue
    best.sort(compare).length = count
    worst = count > 0 ? { item: best[count - 1] as Item } : null
  }
  return best.sort(compare).slice(0, count)
}
