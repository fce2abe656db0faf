import { describe, expect, it } from 'vitest'
import { ClusterTerms, countEach, type TermCounts, termsOf } from '../../src/analytics/cluster-terms.js'

/** Terms of clusters of memories, each given as its title and its tags after a `#`. */
function clustersOf(...clusters: readonly (readonly string[])[]): {
  keywords: (cluster: number) => string[]
  tags: (cluster: number) => string[]
} {
  const ofAll: TermCounts = new Map()
  const terms = clusters.map((memories) => {
    const one = new ClusterTerms()
    for (const [title = '', ...tags] of memories.map((text) => text.split(' #'))) {
      const found = termsOf({ title, tags })
      countEach(ofAll, found)
      one.add(tags, found)
    }
    return one
  })
  const memories = clusters.flat().length
  return {
    keywords: (cluster) => (terms[cluster] as ClusterTerms).keywords(ofAll, memories),
    tags: (cluster) =>
      (terms[cluster] as ClusterTerms).commonTags().map(({ tag, count }) => `${tag} ${count}`),
  }
}

describe('The terms of a cluster', () => {
  it('are its common tags and title words, those that are rare elsewhere first', () => {
    const { keywords } = clustersOf(
      ['Note of a payment #billing', 'Note of another payment #billing', 'Note of a refund #billing'],
      ['Note of a report', 'Note of another report', 'Note of a chart'],
    )
    expect(keywords(0)).toEqual(['billing', 'payment', 'note'])
    expect(keywords(1)).toEqual(['report', 'note'])
  })

  it('leave out what only one memory has, stop words, numbers and single letters', () => {
    const { keywords } = clustersOf(['How to x the 2026 db', 'How to x a 2026 db', 'Unique'])
    expect(keywords(0)).toEqual([])
  })

  it('count a memory once, and a stem once', () => {
    const { keywords } = clustersOf([
      'vector vector vector',
      'vectors beside vectors',
      'vectors #index',
      'index #index',
    ])
    expect(keywords(0)).toEqual(['index', 'vectors'])
  })

  it('are words of any script, as they are spelled', () => {
    const { keywords } = clustersOf(['CAFÉ 索引', 'café 索引', 'Größe'], ['Größe'])
    expect(keywords(0)).toEqual(['café', '索引'])
  })

  it('are five at most, ties by the alphabet', () => {
    const { keywords } = clustersOf(['zeta eta theta iota kappa', 'zeta eta theta iota kappa alpha', 'alpha'])
    expect(keywords(0)).toEqual(['alpha', 'eta', 'iota', 'kappa', 'theta'])
  })

  it('have the tags of two memories or more, commonest first: ten at most', () => {
    const { tags } = clustersOf(['a #x #y #only', 'b #y #x', 'c #y'])
    expect(tags(0)).toEqual(['y 3', 'x 2'])
    const many = ` #${Array.from({ length: 12 }, (_, at) => `t${at + 10}`).join(' #')}`
    expect(clustersOf([`a${many}`, `b${many}`]).tags(0)).toHaveLength(10)
  })
})
