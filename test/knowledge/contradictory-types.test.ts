import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { contradictionOf } from '../../src/knowledge/contradictory-types.js'
import { RELATIONSHIP_TYPE_METADATA, RELATIONSHIP_TYPES } from '../../src/model/relationship-type.js'

describe('two relationships from one memory to another', () => {
  it.each([
    ['SOLVES', 'INEFFECTIVE_FOR'],
    ['CONFIRMS', 'CONTRADICTS'],
    ['EFFECTIVE_FOR', 'INEFFECTIVE_FOR'],
    ['ENABLES', 'BLOCKS'],
    ['PREVENTS', 'CAUSES'],
    ['PREVENTS', 'TRIGGERS'],
    ['PREVENTS', 'LEADS_TO'],
    ['PREVENTS', 'ENABLES'],
    ['IMPROVES', 'BREAKS'],
    ['VALIDATED_BY', 'CONTRADICTS'],
    ['SIMILAR_TO', 'OPPOSITE_OF'],
    ['PREFERRED_OVER', 'DEPRECATED_BY'],
  ])('contradict each other as %s and %s, in either order', (a, b) => {
    expect(contradictionOf(a, b)).toMatch(/^\w.+\w$/)
    expect(contradictionOf(b, a)).toBe(contradictionOf(a, b))
  })

  it('contradict each other as a type and its inverse', () => {
    for (const type of RELATIONSHIP_TYPES) {
      const { inverse, bidirectional } = RELATIONSHIP_TYPE_METADATA[type]
      if (inverse !== null && !bidirectional) expect(contradictionOf(type, inverse)).not.toBeNull()
    }
  })

  it('contradict each other in 14 ways in all, never as one type twice', () => {
    const pairs = RELATIONSHIP_TYPES.flatMap((a) => RELATIONSHIP_TYPES.map((b) => contradictionOf(a, b)))
    expect(pairs.filter((reason) => reason !== null)).toHaveLength(2 * 14)
    for (const type of RELATIONSHIP_TYPES) expect(contradictionOf(type, type)).toBeNull()
  })

  it.each([
    ['SOLVES', 'ADDRESSES'],
    ['SOLVES', 'EFFECTIVE_FOR'],
    ['solves', 'ineffective_for'],
    ['SOLVES INEFFECTIVE_FOR', ''],
    ['constructor', '__proto__'],
  ])('do not as %j and %j', (a, b) => {
    expect(contradictionOf(a, b)).toBeNull()
  })

  it('are compared whatever their types are called', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (a, b) => {
        expect(contradictionOf(a, b)).toBe(contradictionOf(b, a))
      }),
    )
  })
})
