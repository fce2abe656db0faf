/** The 35 relationship types, by family. */
export const RELATIONSHIP_TYPES = [
  'CAUSES',
  'TRIGGERS',
  'LEADS_TO',
  'PREVENTS',
  'BREAKS',
  'SOLVES',
  'ADDRESSES',
  'ALTERNATIVE_TO',
  'IMPROVES',
  'REPLACES',
  'OCCURS_IN',
  'APPLIES_TO',
  'WORKS_WITH',
  'REQUIRES',
  'USED_IN',
  'BUILDS_ON',
  'CONTRADICTS',
  'CONFIRMS',
  'GENERALIZES',
  'SPECIALIZES',
  'SIMILAR_TO',
  'VARIANT_OF',
  'RELATED_TO',
  'ANALOGY_TO',
  'OPPOSITE_OF',
  'FOLLOWS',
  'DEPENDS_ON',
  'ENABLES',
  'BLOCKS',
  'PARALLEL_TO',
  'EFFECTIVE_FOR',
  'INEFFECTIVE_FOR',
  'PREFERRED_OVER',
  'DEPRECATED_BY',
  'VALIDATED_BY',
] as const

/** One of {@link RELATIONSHIP_TYPES}. */
export type RelationshipType = (typeof RELATIONSHIP_TYPES)[number]

/** The seven families of relationship types. */
export type RelationshipCategory =
  | 'causal'
  | 'solution'
  | 'context'
  | 'learning'
  | 'similarity'
  | 'workflow'
  | 'quality'

/** What is known of a relationship type. */
export type RelationshipTypeMetadata = {
  readonly category: RelationshipCategory
  /** Whether the statement holds in both directions. */
  readonly bidirectional: boolean
  /** Usual strength of such a relationship, 0..1. */
  readonly default_strength: number
  /** Usual confidence in such a relationship, 0..1. */
  readonly default_confidence: number
  /** The type that says the same from the other end, if there is one. */
  readonly inverse: RelationshipType | null
}

type Row = readonly [
  category: RelationshipCategory,
  strength: number,
  confidence: number,
  inverse?: RelationshipType,
]

const ROWS: Readonly<Record<RelationshipType, Row>> = {
  CAUSES: ['causal', 0.8, 0.7],
  TRIGGERS: ['causal', 0.7, 0.7],
  LEADS_TO: ['causal', 0.6, 0.6],
  PREVENTS: ['causal', 0.7, 0.7],
  BREAKS: ['causal', 0.8, 0.7],
  SOLVES: ['solution', 0.9, 0.8],
  ADDRESSES: ['solution', 0.7, 0.7],
  ALTERNATIVE_TO: ['solution', 0.6, 0.7, 'ALTERNATIVE_TO'],
  IMPROVES: ['solution', 0.7, 0.7],
  REPLACES: ['solution', 0.8, 0.8],
  OCCURS_IN: ['context', 0.6, 0.8],
  APPLIES_TO: ['context', 0.6, 0.7],
  WORKS_WITH: ['context', 0.7, 0.7, 'WORKS_WITH'],
  REQUIRES: ['context', 0.8, 0.8],
  USED_IN: ['context', 0.6, 0.7],
  BUILDS_ON: ['learning', 0.7, 0.8],
  CONTRADICTS: ['learning', 0.8, 0.6, 'CONTRADICTS'],
  CONFIRMS: ['learning', 0.7, 0.8],
  GENERALIZES: ['learning', 0.6, 0.7, 'SPECIALIZES'],
  SPECIALIZES: ['learning', 0.6, 0.7, 'GENERALIZES'],
  SIMILAR_TO: ['similarity', 0.6, 0.7, 'SIMILAR_TO'],
  VARIANT_OF: ['similarity', 0.7, 0.7],
  RELATED_TO: ['similarity', 0.5, 0.6, 'RELATED_TO'],
  ANALOGY_TO: ['similarity', 0.5, 0.6],
  OPPOSITE_OF: ['similarity', 0.7, 0.7, 'OPPOSITE_OF'],
  FOLLOWS: ['workflow', 0.7, 0.8],
  DEPENDS_ON: ['workflow', 0.8, 0.8],
  ENABLES: ['workflow', 0.7, 0.7],
  BLOCKS: ['workflow', 0.8, 0.7],
  PARALLEL_TO: ['workflow', 0.6, 0.7, 'PARALLEL_TO'],
  EFFECTIVE_FOR: ['quality', 0.8, 0.7],
  INEFFECTIVE_FOR: ['quality', 0.7, 0.7],
  PREFERRED_OVER: ['quality', 0.7, 0.7],
  DEPRECATED_BY: ['quality', 0.8, 0.8, 'REPLACES'],
  VALIDATED_BY: ['quality', 0.8, 0.8],
}

/** Category, direction, inverse and usual strength of each of the 35 types. */
export const RELATIONSHIP_TYPE_METADATA: Readonly<Record<RelationshipType, RelationshipTypeMetadata>> =
  Object.freeze(
    Object.fromEntries(
      Object.entries(ROWS).map(([type, [category, default_strength, default_confidence, inverse]]) => [
        type,
        Object.freeze({
          category,
          bidirectional: inverse === type,
          default_strength,
          default_confidence,
          inverse: inverse ?? null,
        }),
      ]),
    ) as Record<RelationshipType, RelationshipTypeMetadata>,
  )

/** The types that hold in both directions. */
export const SYMMETRIC_TYPES: readonly RelationshipType[] = RELATIONSHIP_TYPES.filter(
  (type) => RELATIONSHIP_TYPE_METADATA[type].bidirectional,
)

const SYMMETRIC: ReadonlySet<string> = new Set(SYMMETRIC_TYPES)

/** Whether a type holds in both directions. One that is not known does not. */
export function isSymmetricType(type: string): boolean {
  return SYMMETRIC.has(type)
}
