import { describe, expect, it } from 'vitest'
import { MEMORY_TYPES } from '../../src/model/memory-type.js'
import { RELATIONSHIP_TYPE_METADATA, RELATIONSHIP_TYPES } from '../../src/model/relationship-type.js'

describe('the types', () => {
  it('are 13 of memories and 35 of relationships, in 7 families of 5', () => {
    expect(new Set(MEMORY_TYPES).size).toBe(13)
    expect(new Set(RELATIONSHIP_TYPES).size).toBe(35)
    const families = Object.values(RELATIONSHIP_TYPE_METADATA).map(({ category }) => category)
    const sizes = [...new Set(families)].map((family) => families.filter((other) => other === family).length)
    expect(sizes).toEqual(Array(7).fill(5))
  })

  it('are of the families that MemoryGraph puts them in', () => {
    const families: Record<string, string> = {
      causal: 'CAUSES TRIGGERS LEADS_TO PREVENTS BREAKS',
      solution: 'SOLVES ADDRESSES ALTERNATIVE_TO IMPROVES REPLACES',
      context: 'OCCURS_IN APPLIES_TO WORKS_WITH REQUIRES USED_IN',
      learning: 'BUILDS_ON CONTRADICTS CONFIRMS GENERALIZES SPECIALIZES',
      similarity: 'SIMILAR_TO VARIANT_OF RELATED_TO ANALOGY_TO OPPOSITE_OF',
      workflow: 'FOLLOWS DEPENDS_ON ENABLES BLOCKS PARALLEL_TO',
      quality: 'EFFECTIVE_FOR INEFFECTIVE_FOR PREFERRED_OVER DEPRECATED_BY VALIDATED_BY',
    }
    for (const [family, types] of Object.entries(families)) {
      const found = RELATIONSHIP_TYPES.filter((type) => RELATIONSHIP_TYPE_METADATA[type].category === family)
      expect(found.sort()).toEqual(types.split(' ').sort())
    }
  })

  it('have strengths and confidences between 0 and 1, RELATED_TO the weakest', () => {
    const weakest = RELATIONSHIP_TYPE_METADATA.RELATED_TO.default_strength
    for (const { default_strength, default_confidence } of Object.values(RELATIONSHIP_TYPE_METADATA)) {
      for (const share of [default_strength, default_confidence]) {
        expect(share).toBeGreaterThan(0)
        expect(share).toBeLessThanOrEqual(1)
      }
      expect(default_strength).toBeGreaterThanOrEqual(weakest)
    }
  })

  it('hold in both directions exactly where they are their own inverse', () => {
    for (const type of RELATIONSHIP_TYPES) {
      const { bidirectional, inverse } = RELATIONSHIP_TYPE_METADATA[type]
      expect(bidirectional).toBe(inverse === type)
    }
    const both = RELATIONSHIP_TYPES.filter((type) => RELATIONSHIP_TYPE_METADATA[type].bidirectional)
    expect(both.sort()).toEqual([
      'ALTERNATIVE_TO',
      'CONTRADICTS',
      'OPPOSITE_OF',
      'PARALLEL_TO',
      'RELATED_TO',
      'SIMILAR_TO',
      'WORKS_WITH',
    ])
  })

  it('have the strengths and inverses that MemoryGraph gives them', () => {
    expect(RELATIONSHIP_TYPE_METADATA.SOLVES).toEqual({
      category: 'solution',
      bidirectional: false,
      default_strength: 0.9,
      default_confidence: 0.8,
      inverse: null,
    })
    expect(RELATIONSHIP_TYPE_METADATA.GENERALIZES.inverse).toBe('SPECIALIZES')
    expect(RELATIONSHIP_TYPE_METADATA.DEPRECATED_BY.inverse).toBe('REPLACES')
  })
})
