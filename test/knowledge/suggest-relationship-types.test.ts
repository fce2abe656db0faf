import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { suggestRelationshipTypes } from '../../src/knowledge/suggest-relationship-types.js'
import { MEMORY_TYPES } from '../../src/model/memory-type.js'
import { RELATIONSHIP_TYPES } from '../../src/model/relationship-type.js'

function suggested(from: string, to: string): [string, number][] {
  return suggestRelationshipTypes({ type: from }, { type: to }).map(({ type, confidence }) => [
    type,
    confidence,
  ])
}

describe('the suggested relationship types', () => {
  it.each<[string, string, [string, number][]]>([
    [
      'solution',
      'problem',
      [
        ['SOLVES', 0.8],
        ['ADDRESSES', 0.7],
      ],
    ],
    [
      'fix',
      'error',
      [
        ['SOLVES', 0.9],
        ['ADDRESSES', 0.7],
      ],
    ],
    [
      'technology',
      'technology',
      [
        ['WORKS_WITH', 0.6],
        ['ALTERNATIVE_TO', 0.5],
      ],
    ],
    [
      'task',
      'task',
      [
        ['FOLLOWS', 0.6],
        ['DEPENDS_ON', 0.5],
        ['PARALLEL_TO', 0.5],
      ],
    ],
    [
      'code_pattern',
      'code_pattern',
      [
        ['SIMILAR_TO', 0.6],
        ['VARIANT_OF', 0.5],
        ['IMPROVES', 0.5],
      ],
    ],
    ['problem', 'solution', [['LEADS_TO', 0.6]]],
    [
      'problem',
      'error',
      [
        ['CAUSES', 0.7],
        ['LEADS_TO', 0.6],
      ],
    ],
    ['error', 'file_context', [['OCCURS_IN', 0.7]]],
    ['technology', 'project', [['USED_IN', 0.8]]],
    [
      'project',
      'technology',
      [
        ['REQUIRES', 0.8],
        ['DEPENDS_ON', 0.7],
      ],
    ],
    ['conversation', 'general', []],
  ])('from %s to %s are these, and RELATED_TO', (from, to, types) => {
    expect(suggested(from, to)).toEqual([...types, ['RELATED_TO', 0.5]])
  })

  it('are, for every pair, the likeliest first, each once, and RELATED_TO last', () => {
    for (const from of MEMORY_TYPES) {
      for (const to of MEMORY_TYPES) {
        const suggestions = suggestRelationshipTypes({ type: from }, { type: to })
        const types = suggestions.map(({ type }) => type)
        const confidences = suggestions.map(({ confidence }) => confidence)
        expect(RELATIONSHIP_TYPES).toEqual(expect.arrayContaining(types))
        expect(new Set(types).size).toBe(types.length)
        expect(confidences).toEqual(confidences.toSorted((one, other) => other - one))
        expect(confidences.every((confidence) => confidence >= 0.5 && confidence <= 1)).toBe(true)
        expect(suggestions.at(-1)).toEqual({ type: 'RELATED_TO', confidence: 0.5 })
      }
    }
  })

  it('say SOLVES only of what solves', () => {
    const solved = MEMORY_TYPES.flatMap((from) =>
      MEMORY_TYPES.filter((to) => suggested(from, to).some(([type]) => type === 'SOLVES')).map(
        (to) => `${from} ${to}`,
      ),
    )
    expect(solved.sort()).toEqual(['fix error', 'fix problem', 'solution error', 'solution problem'])
  })

  it.each([
    ['mystery', 'problem'],
    ['problem', 'mystery'],
    ['constructor', 'toString'],
    ['problem', '__proto__'],
    ['', ''],
  ])('from %j to %j are RELATED_TO alone', (from, to) => {
    expect(suggested(from, to)).toEqual([['RELATED_TO', 0.5]])
  })

  it('are made anew each time', () => {
    const [first] = suggestRelationshipTypes({ type: 'fix' }, { type: 'error' })
    if (first) first.confidence = 0
    expect(suggested('fix', 'error')[0]).toEqual(['SOLVES', 0.9])
  })

  it('come whatever the types are called', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (from, to) => {
        expect(suggested(from, to).at(-1)).toEqual(['RELATED_TO', 0.5])
      }),
    )
  })
})
