import { describe, expect, it } from 'vitest'
import { type Link, lend } from '../../src/search/lending.js'

/** Links both ways between neighbours, each as close as the number between them. */
function chain(...parts: (string | number)[]): Map<string, Link[]> {
  const links = new Map<string, Link[]>()
  for (let at = 0; at + 2 < parts.length; at += 2) {
    const [a, closeness, b] = parts.slice(at, at + 3) as [string, number, string]
    links.set(a, [...(links.get(a) ?? []), { id: b, closeness }])
    links.set(b, [...(links.get(b) ?? []), { id: a, closeness }])
  }
  return links
}

describe('lending', () => {
  it('lends over three steps, by the product of their closeness', () => {
    const loans = lend(new Map([['a', [1]]]), [1], chain('a', 0.8, 'b', 0.7, 'c', 0.6, 'd', 1, 'e'))
    expect([...loans.keys()]).toEqual(['b', 'c', 'd'])
    expect(loans.get('b')?.shares[0]).toBeCloseTo(0.8)
    expect(loans.get('c')?.shares[0]).toBeCloseTo(0.56)
    expect(loans.get('d')?.shares[0]).toBeCloseTo(0.336)
    expect(loans.get('d')?.path).toEqual(['a', 'b', 'c', 'd'])
  })

  it('lends over no more steps where a way of more steps is closer, whatever the order of the links', () => {
    for (const [first, second] of [
      [0.95, 0.5],
      [0.5, 0.95],
    ] as const) {
      const [near, far] = first > second ? ['x', 'y'] : ['y', 'x']
      const links = chain('y', second, 'a', first, 'x')
      for (const [id, found] of chain(near, 0.95, far, 0.95, 'c', 0.95, 'd'))
        links.set(id, [...(links.get(id) ?? []), ...found])
      const loans = lend(new Map([['a', [1]]]), [1], links)
      expect(loans.get(far)?.path).toEqual(['a', near, far])
      expect(loans.get('c')?.path).toEqual(['a', near, far, 'c'])
      expect(loans.get('d')?.path).toEqual(['a', far, 'c', 'd'])
    }
  })

  it('lends nothing over ways that are worth too little', () => {
    const loans = lend(new Map([['a', [1]]]), [1], chain('a', 0.4, 'b', 0.4, 'c'))
    expect([...loans.keys()]).toEqual(['b'])
  })

  it('takes of several lenders the best, term by term, and names the one that lends most', () => {
    const lenders = new Map([
      ['left', [0.5, 0]],
      ['right', [0.1, 0.9]],
    ])
    const loans = lend(lenders, [1, 3], chain('left', 1, 'middle', 1, 'right'))
    expect(loans.get('middle')?.shares).toEqual([0.5, 0.9])
    expect(loans.get('middle')?.path).toEqual(['right', 'middle'])
    expect(loans.get('left')?.path).toEqual(['right', 'middle', 'left'])
  })

  it('takes of several ways the closest, and comes to an end in circles', () => {
    const links = chain('a', 0.3, 'd', 0.9, 'b', 0.9, 'a')
    const loans = lend(new Map([['a', [1]]]), [1], links)
    expect(loans.get('d')?.shares[0]).toBeCloseTo(0.81)
    expect(loans.has('a')).toBe(false)
  })
})
