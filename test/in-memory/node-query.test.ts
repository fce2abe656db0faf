import { expect, it } from 'vitest'
import type { InMemoryDriver } from '../../src/backends/in-memory/in-memory-driver.js'
import type { CompleteNodeQuery } from '../../src/model/node.js'
import { driverWith, memoryRow, nodeRow } from './rows.js'

async function ids(driver: InMemoryDriver, query: Partial<CompleteNodeQuery>): Promise<string[]> {
  const complete = { label: 'Task', where: [], orderBy: null, limit: 100, after: null, ...query }
  return (await driver.reader.findNodes(complete)).map((row) => row.id)
}

const where = (
  property: string,
  ...anyOf: (string | number | boolean | null)[]
): Partial<CompleteNodeQuery> => ({
  where: [{ property, anyOf }],
})
const by = (property: string, descending = false): Partial<CompleteNodeQuery> => ({
  orderBy: { property, descending },
})

it('compares properties by value and kind', async () => {
  const driver = await driverWith([
    nodeRow('number', 'Task', { x: 1 }),
    nodeRow('text', 'Task', { x: '1' }),
    nodeRow('true', 'Task', { x: true }),
    nodeRow('null', 'Task', { x: null }),
    nodeRow('absent', 'Task', {}),
    nodeRow('list', 'Task', { x: [1] }),
    nodeRow('other', 'Note', { x: 1 }),
    { id: 'broken', label: 'Task', properties: '{' },
  ])
  expect(await ids(driver, where('x', 1))).toEqual(['number'])
  expect(await ids(driver, where('x', '1', true))).toEqual(['text', 'true'])
  expect(await ids(driver, where('x', null))).toEqual(['absent', 'null'])
  expect(await ids(driver, where('constructor', null, 1))).toHaveLength(6)
  expect(
    await ids(driver, { where: [...(where('x', 1).where ?? []), ...(where('y', null).where ?? [])] }),
  ).toEqual(['number'])
  expect(await ids(driver, { label: 'Note' })).toEqual(['other'])
  expect(await ids(driver, { label: 'absent' })).toEqual([])
})

it('reads properties named like those every object has', async () => {
  const driver = await driverWith([
    { id: 'a', label: 'Task', properties: '{"__proto__": "x", "constructor": 1}' },
  ])
  expect(await ids(driver, where('__proto__', 'x'))).toEqual(['a'])
  expect(await ids(driver, where('constructor', 1))).toEqual(['a'])
})

it('pages by id', async () => {
  const driver = await driverWith([...['c', 'a', 'b'].map((id) => nodeRow(id, 'Task', {})), memoryRow('m')])
  expect(await ids(driver, { limit: 2 })).toEqual(['a', 'b'])
  expect(await ids(driver, { after: 'b' })).toEqual(['c'])
  expect(await ids(driver, { after: 'aa', limit: 1 })).toEqual(['b'])
})

it('orders by a property: nothing, numbers, texts; ties by id', async () => {
  const driver = await driverWith([
    nodeRow('z', 'Task', { x: 10 }),
    nodeRow('y', 'Task', { x: 9 }),
    nodeRow('w', 'Task', { x: 9 }),
    nodeRow('text', 'Task', { x: 'a' }),
    nodeRow('list', 'Task', { x: ['a'] }),
    nodeRow('true', 'Task', { x: true }),
    nodeRow('null', 'Task', { x: null }),
    nodeRow('absent', 'Task', {}),
    { id: 'broken', label: 'Task', properties: '{' },
  ])
  const ascending = ['absent', 'null', 'true', 'w', 'y', 'z', 'list', 'text']
  const descending = ['text', 'list', 'z', 'w', 'y', 'true', 'absent', 'null']
  expect(await ids(driver, by('x'))).toEqual(ascending)
  expect(await ids(driver, by('x', true))).toEqual(descending)
  for (const [order, expected] of [
    [by('x'), ascending],
    [by('x', true), descending],
  ] as const) {
    const paged: string[] = []
    for (let after: string | null = null; paged.length < expected.length; after = paged.at(-1) ?? null) {
      paged.push(...(await ids(driver, { ...order, after, limit: 2 })))
    }
    expect(paged).toEqual(expected)
  }
})

it('has no page after an id that is not there, when ordered by a property', async () => {
  const driver = await driverWith([nodeRow('a', 'Task', { x: 1 }), nodeRow('b', 'Note', { x: 0 })])
  expect(await ids(driver, { ...by('x'), after: 'absent' })).toEqual([])
  expect(await ids(driver, { ...by('x'), after: 'b' })).toEqual([])
})

it('leaves out nodes whose properties are no JSON object', async () => {
  const broken = ['{', '[]', '"text"', 'null', ''].map((properties, at) => ({
    id: `x${at}`,
    label: 'Task',
    properties,
  }))
  const driver = await driverWith([...broken, nodeRow('z', 'Task', { x: 1 })])
  expect(await ids(driver, { limit: 1 })).toEqual(['z'])
  expect(await ids(driver, by('x', true))).toEqual(['z'])
  expect(await ids(driver, where('x', null))).toEqual([])
  expect(await ids(driver, { ...by('x'), after: 'x0' })).toEqual([])
  expect(await driver.reader.getNodes(['x0'])).toHaveLength(1)
})
