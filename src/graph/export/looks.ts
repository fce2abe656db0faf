import {
  RELATIONSHIP_TYPE_METADATA,
  type RelationshipCategory,
  type RelationshipType,
} from '../../model/relationship-type.js'

/** The family of a relationship type; `other` where it is none of the known ones. */
export type TypeFamily = RelationshipCategory | 'other'

/** Families in the order in which a legend names them. */
export const TYPE_FAMILIES: readonly TypeFamily[] = [
  'causal',
  'solution',
  'context',
  'learning',
  'similarity',
  'workflow',
  'quality',
  'other',
]

/** What can be told from white and from a dark ground alike: 3 to 1 or more. */
const FAMILY_COLORS: Readonly<Record<TypeFamily, string>> = {
  causal: '#d6455d',
  solution: '#2a9455',
  context: '#3a7bd5',
  learning: '#8b5cd6',
  similarity: '#7d8793',
  workflow: '#c9740a',
  quality: '#0f929b',
  other: '#a9714b',
}

const COMMUNITY_COLORS = [
  '#3a7bd5',
  '#c9740a',
  '#2a9455',
  '#d6455d',
  '#8b5cd6',
  '#0f929b',
  '#b5568f',
  '#768a1e',
  '#5a63c8',
  '#a9714b',
  '#2e8bb0',
  '#c2563a',
] as const

/** Communities that have a colour of their own: the largest. */
export const COLORED_COMMUNITIES: number = COMMUNITY_COLORS.length

/** What has no colour of its own. */
export const NEUTRAL_COLOR = '#8a93a0'
/** Nodes, where relationships are what is coloured. */
export const NODE_COLOR = '#56657a'

export function familyOf(type: string): TypeFamily {
  return Object.hasOwn(RELATIONSHIP_TYPE_METADATA, type)
    ? RELATIONSHIP_TYPE_METADATA[type as RelationshipType].category
    : 'other'
}

export function familyColor(family: TypeFamily): string {
  return FAMILY_COLORS[family]
}

/** The colour of a community by its number, from 0 for the largest; `null` is none. */
export function communityColor(community: number | null): string {
  return COMMUNITY_COLORS[community ?? COLORED_COMMUNITIES] ?? NEUTRAL_COLOR
}

/** What colours tell. */
export type ColorOf = 'type' | 'community'

export function nodeColor(community: number | null, color: ColorOf): string {
  return color === 'type' ? NODE_COLOR : communityColor(community)
}

/** The colour of a relationship between nodes of two communities: theirs, where it is the same one. */
export function edgeColor(
  type: string,
  communities: readonly [from: number | null, to: number | null],
  color: ColorOf,
): string {
  if (color === 'type') return familyColor(familyOf(type))
  const [from, to] = communities
  return from === to ? communityColor(from) : NEUTRAL_COLOR
}

const LEAST_SIZE = 4.5
const GREATEST_SIZE = 22

/** The radius of a node with so many relationships. */
export function nodeSize(degree: number): number {
  return Math.min(LEAST_SIZE + 1.7 * Math.sqrt(degree), GREATEST_SIZE)
}

/** The width of a relationship of a strength. */
export function edgeWidth(strength: number): number {
  return 0.8 + 2.2 * strength
}
