/** How much of a relationship holds: in part, in whole, or only under conditions. */
export const RELATIONSHIP_SCOPES = ['partial', 'full', 'conditional'] as const
/** One of {@link RELATIONSHIP_SCOPES}. */
export type RelationshipScope = (typeof RELATIONSHIP_SCOPES)[number]
