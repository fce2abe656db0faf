import type { RelationshipType } from '../model/relationship-type.js'

type Contradiction = readonly [one: RelationshipType, other: RelationshipType, reason: string]

/** MemoryGraph's five come first. The others follow from what the types mean; the last two are a type and its inverse. */
const CONTRADICTIONS: readonly Contradiction[] = [
  ['SOLVES', 'INEFFECTIVE_FOR', 'what solves a problem is not ineffective for it'],
  ['CONFIRMS', 'CONTRADICTS', 'what confirms a statement does not contradict it'],
  ['EFFECTIVE_FOR', 'INEFFECTIVE_FOR', 'the same thing is not both effective and ineffective'],
  ['ENABLES', 'BLOCKS', 'what enables something does not block it'],
  ['PREVENTS', 'CAUSES', 'what prevents something does not cause it'],
  ['PREVENTS', 'TRIGGERS', 'what prevents something does not trigger it'],
  ['PREVENTS', 'LEADS_TO', 'what prevents something does not lead to it'],
  ['PREVENTS', 'ENABLES', 'what prevents something does not enable it'],
  ['IMPROVES', 'BREAKS', 'what breaks something does not improve it'],
  ['VALIDATED_BY', 'CONTRADICTS', 'what is validated by something does not contradict it'],
  ['SIMILAR_TO', 'OPPOSITE_OF', 'what is similar to something is not its opposite'],
  ['PREFERRED_OVER', 'DEPRECATED_BY', 'what something deprecates is not preferred over it'],
  ['GENERALIZES', 'SPECIALIZES', 'of two things one is the more general'],
  ['REPLACES', 'DEPRECATED_BY', 'of two things one takes the place of the other'],
]

const REASONS: ReadonlyMap<string, string> = new Map(
  CONTRADICTIONS.flatMap(([one, other, reason]) => [
    [`${one} ${other}`, reason],
    [`${other} ${one}`, reason],
  ]),
)

/**
 * Says why two relationship types cannot both hold from one memory to the same other memory at a time; `null` when they can, and
 * for a type that is unknown. The order of the two does not matter.
 */
export function contradictionOf(a: string, b: string): string | null {
  return REASONS.get(`${a} ${b}`) ?? null
}
