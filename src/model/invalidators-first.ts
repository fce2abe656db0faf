/** Relationships in an order in which each comes after the one that it was invalidated by, where there is such an order. */
export type Ordered<Relationship> = {
  readonly ordered: readonly Relationship[]
  /** Those that invalidate one another in a circle, of which none can come first. */
  readonly circular: ReadonlySet<Relationship>
}

/** Puts relationships in order. `invalidatorOf` says which one invalidated another, by its id. */
export function invalidatorsFirst<Relationship extends { readonly id: string }>(
  relationships: readonly Relationship[],
  invalidatorOf: (relationship: Relationship) => string | null,
): Ordered<Relationship> {
  const circular = new Set<Relationship>()
  if (relationships.every((relationship) => invalidatorOf(relationship) === null))
    return { ordered: relationships, circular }
  const byId = new Map(relationships.map((relationship) => [relationship.id, relationship]))
  const ordered = new Set<Relationship>()
  for (const relationship of relationships) {
    const chain = new Set<Relationship>()
    let next: Relationship | undefined = relationship
    while (next && !ordered.has(next) && !chain.has(next)) {
      chain.add(next)
      const invalidator = invalidatorOf(next)
      next = invalidator === null ? undefined : byId.get(invalidator)
    }
    const links = [...chain]
    if (next && chain.has(next)) for (const link of links.slice(links.indexOf(next))) circular.add(link)
    for (const link of links.reverse()) ordered.add(link)
  }
  return { ordered: [...ordered], circular }
}
