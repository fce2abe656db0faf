import { describe, expect, it } from 'vitest'
import { driverWith, memoryRow, nodeRow, relationshipRow } from './rows.js'

const ENDED = '2024-02-01T00:00:00.000000+00:00'

const graph = () =>
  driverWith(
    [
      memoryRow('a', { importance: 0.4 }),
      memoryRow('b', { importance: 0.9 }),
      memoryRow('c'),
      nodeRow('t', 'Task', { title: 'Task' }),
      { id: 'x', label: 'Memory', properties: '{' },
    ],
    [
      relationshipRow('ab', 'a', 'b', { rel_type: 'SOLVES', strength: 0.7 }),
      relationshipRow('ba', 'b', 'a', { strength: 0.7 }),
      relationshipRow('ac', 'a', 'c', { strength: 0.9 }),
      relationshipRow('aa', 'a', 'a'),
      relationshipRow('at', 'a', 't', { properties: 'not JSON' }),
      relationshipRow('ax', 'x', 'a', { properties: '{"strength": "0.9"}' }),
      relationshipRow('old', 'c', 'a', { strength: 1, valid_until: ENDED }),
    ],
  )

describe('getNeighbours', () => {
  const every = { direction: 'both', types: [], currentOnly: true } as const

  it('sees each relationship from its near end, without self-loops', async () => {
    const { reader } = await graph()
    const rows = await reader.getNeighbours(['a', 'a', 'absent'], every)
    expect(rows.map((row) => row.relationship_id).sort()).toEqual(['ab', 'ac', 'at', 'ax', 'ba'])
    expect(rows.find((row) => row.relationship_id === 'ab')).toEqual({
      near: 'a',
      far: 'b',
      relationship_id: 'ab',
      strength: 0.7,
      importance: 0.9,
      valid_from: '2024-01-01T00:00:00.000000+00:00',
      valid_until: null,
    })
    expect(rows.find((row) => row.far === 't')).toMatchObject({ strength: 0.5, importance: null })
    expect(rows.find((row) => row.far === 'x')).toMatchObject({ strength: 0.5, importance: null })
  })

  it('walks in one direction', async () => {
    const { reader } = await graph()
    const far = async (direction: 'outgoing' | 'incoming'): Promise<string[]> =>
      (await reader.getNeighbours(['a'], { ...every, direction })).map((row) => row.relationship_id).sort()
    expect(await far('outgoing')).toEqual(['ab', 'ac', 'at'])
    expect(await far('incoming')).toEqual(['ax', 'ba'])
  })

  it('sees a relationship between two of the nodes from both ends', async () => {
    const { reader } = await graph()
    const rows = await reader.getNeighbours(['a', 'b'], { ...every, types: ['SOLVES'] })
    expect(rows.map((row) => [row.near, row.far])).toEqual([
      ['a', 'b'],
      ['b', 'a'],
    ])
  })

  it('includes ended relationships when asked to', async () => {
    const { reader } = await graph()
    const rows = await reader.getNeighbours(['c'], { ...every, currentOnly: false })
    expect(rows.map((row) => [row.relationship_id, row.valid_until]).sort()).toEqual([
      ['ac', null],
      ['old', ENDED],
    ])
  })
})

describe('getRelatedTitles', () => {
  it('lists memories by strength, importance and relationship', async () => {
    const { reader } = await graph()
    const titles = await reader.getRelatedTitles(['a', 'a', 'absent'], 10, null, [])
    expect(titles).toEqual([
      { near: 'a', rel_type: 'RELATED_TO', title: 'Title c', outgoing: true },
      { near: 'a', rel_type: 'SOLVES', title: 'Title b', outgoing: true },
      { near: 'a', rel_type: 'RELATED_TO', title: 'Title b', outgoing: false },
    ])
  })

  it('keeps the limit for each memory', async () => {
    const { reader } = await graph()
    const titles = await reader.getRelatedTitles(['a', 'b', 't'], 1, null, [])
    expect(titles.map(({ near, title }) => [near, title])).toEqual([
      ['a', 'Title c'],
      ['b', 'Title a'],
      ['t', 'Title a'],
    ])
    expect(await reader.getRelatedTitles(['a'], 0, null, [])).toEqual([])
  })
})

describe('findRelationships', () => {
  const every = { types: [], touching: null, currentOnly: false, afterId: null, limit: 100 }

  it('pages by id', async () => {
    const { reader } = await graph()
    const ids = async (page: object): Promise<string[]> =>
      (await reader.findRelationships({ ...every, ...page })).map((row) => row.id)
    expect(await ids({})).toEqual(['aa', 'ab', 'ac', 'at', 'ax', 'ba', 'old'])
    expect(await ids({ limit: 2, afterId: 'ab' })).toEqual(['ac', 'at'])
    expect(await ids({ currentOnly: true, afterId: 'ax' })).toEqual(['ba'])
    expect(await ids({ types: ['SOLVES', 'CAUSES'] })).toEqual(['ab'])
    expect(await ids({ touching: ['c', 't', 'absent'] })).toEqual(['ac', 'at', 'old'])
    expect(await ids({ touching: ['a', 'b'], afterId: 'ac', limit: 2 })).toEqual(['at', 'ax'])
    expect(await ids({ touching: [] })).toEqual([])
  })
})

it('takes ids that are names of what every object has', async () => {
  const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', '7', ' ', '#a']
  const pairs = names.flatMap((from) => names.map((to) => relationshipRow(`${from}>${to}`, from, to)))
  const driver = await driverWith(
    names.map((id) => memoryRow(id)),
    pairs,
  )
  const every = { direction: 'both', types: [], currentOnly: true } as const
  expect(await driver.reader.getNeighbours(names, every)).toHaveLength(2 * names.length * (names.length - 1))
  await driver.write((writer) => writer.deleteNodes(['__proto__', 'constructor']))
  expect(await driver.reader.getNeighbours(names, every)).toHaveLength(2 * 5 * 4)
  expect(await driver.reader.getNodes(names)).toHaveLength(5)
})
