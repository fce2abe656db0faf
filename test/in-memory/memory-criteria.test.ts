import { describe, expect, it } from 'vitest'
import { criteria, driverWith, found, memoryRow, nodeRow, relationshipRow } from './rows.js'

const DAY = (day: number): string => `2024-01-0${day}T00:00:00.000000+00:00`

describe('criteria', () => {
  it('compare type and project exactly', async () => {
    const driver = await driverWith([
      memoryRow('a', { type: 'task', context_project_path: '/p' }),
      memoryRow('b', { type: 'fix', context_project_path: '/p/q' }),
      memoryRow('c', { type: 'task' }),
    ])
    expect(await found(driver, { types: ['task'] })).toEqual(['a', 'c'])
    expect(await found(driver, { types: ['task', 'fix'], projectPath: '/p' })).toEqual(['a'])
    expect(await found(driver, { projectPath: '' })).toEqual([])
  })

  it('compare tags, languages and frameworks without case, also where a list is JSON inside a string', async () => {
    const driver = await driverWith([
      memoryRow('a', {
        tags: ['Redis', 'x'],
        context_languages: ['TypeScript'],
        context_frameworks: '["React"]',
      }),
      memoryRow('b', { tags: '["redis"]', context_languages: '["typescript"]' }),
      memoryRow('c', { tags: ['redisson'], context_languages: '[]' }),
    ])
    expect(await found(driver, { tags: ['redis', 'absent'] })).toEqual(['a', 'b'])
    expect(await found(driver, { languages: ['typescript'] })).toEqual(['a', 'b'])
    expect(await found(driver, { frameworks: ['react'] })).toEqual(['a'])
  })

  it('take the defaults of importance and confidence, and leave out unknown effectiveness', async () => {
    const driver = await driverWith([
      memoryRow('a'),
      memoryRow('b', { importance: 0.9, confidence: 0.1, effectiveness: 0.7 }),
    ])
    expect(await found(driver, { minImportance: 0.5 })).toEqual(['b', 'a'])
    expect(await found(driver, { minImportance: 0.51 })).toEqual(['b'])
    expect(await found(driver, { minConfidence: 0.8 })).toEqual(['a'])
    expect(await found(driver, { minEffectiveness: 0 })).toEqual(['b'])
  })

  it('include both ends of a time, whatever its offset, and leave out what has none', async () => {
    const driver = await driverWith([
      memoryRow('a', { created_at: '2024-01-01T01:00:00+01:00' }),
      memoryRow('b', { created_at: DAY(2) }),
      memoryRow('c', { created_at: DAY(3) }),
      memoryRow('d', { created_at: undefined }),
    ])
    expect(await found(driver, { createdAfter: DAY(1), createdBefore: DAY(2) })).toEqual(['b', 'a'])
    expect(await found(driver, { createdBefore: DAY(9) })).toEqual(['c', 'b', 'a'])
    expect(await found(driver, {})).toEqual(['c', 'b', 'a', 'd'])
  })

  it('know current relationships to other nodes', async () => {
    const driver = await driverWith(
      ['from', 'to', 'past', 'self', 'alone'].map((id) => memoryRow(id)),
      [
        relationshipRow('r1', 'from', 'to', { rel_type: 'SOLVES' }),
        relationshipRow('r2', 'past', 'alone', { rel_type: 'SOLVES', valid_until: DAY(2) }),
        relationshipRow('r3', 'self', 'self', { rel_type: 'SOLVES' }),
        relationshipRow('r4', 'past', 'alone', { rel_type: 'CAUSES' }),
      ],
    )
    expect(await found(driver, { relatedBy: ['SOLVES', 'FIXES'] })).toEqual(['from', 'to'])
    expect(await found(driver, { notReachedBy: ['SOLVES'] })).toEqual(['alone', 'from', 'past', 'self'])
  })

  it('are joined by AND with each other and with text', async () => {
    const driver = await driverWith([
      memoryRow('a', { type: 'task', tags: ['x'] }),
      memoryRow('b', { type: 'task', content: 'other' }),
      memoryRow('c', { type: 'fix', tags: ['x'] }),
    ])
    const text = { terms: [{ text: 'content', match: 'words' }], mode: 'any' } as const
    expect(await found(driver, { types: ['task'], text })).toEqual(['a'])
    expect(await found(driver, { types: ['task', 'fix'], tags: ['x'], text })).toEqual(['a', 'c'])
  })
})

describe('pages', () => {
  it('rank by importance, then creation, then id', async () => {
    const driver = await driverWith([
      memoryRow('d', { importance: 0.5, created_at: DAY(1) }),
      memoryRow('c', { importance: 0.5, created_at: DAY(1) }),
      memoryRow('b', { importance: 0.5, created_at: DAY(2) }),
      memoryRow('a', { importance: 0.1, created_at: DAY(3) }),
      memoryRow('e', { importance: 0.9, created_at: DAY(1) }),
    ])
    expect(await found(driver, {})).toEqual(['e', 'b', 'c', 'd', 'a'])
    expect(await found(driver, {}, { offset: 1, limit: 2 })).toEqual(['b', 'c'])
    expect(await found(driver, {}, { order: 'created' })).toEqual(['a', 'b', 'c', 'd', 'e'])
    expect(await found(driver, {}, { order: 'id', limit: 2 })).toEqual(['a', 'b'])
    expect(await found(driver, {}, { order: 'id', afterId: 'b', offset: 1 })).toEqual(['d', 'e'])
    expect(await found(driver, {}, { order: 'id', afterId: 'bb', limit: 1 })).toEqual(['c'])
    expect(await found(driver, { minImportance: 0.5 }, { order: 'id', afterId: 'c' })).toEqual(['d', 'e'])
  })

  it('are right also where far more memories than a page meet the criteria', async () => {
    const importances = Array.from({ length: 2000 }, (_, at) => ((at * 7919) % 2003) / 2003)
    const driver = await driverWith(importances.map((importance, at) => memoryRow(`m${at}`, { importance })))
    const best = importances.map((importance, at) => ({ importance, id: `m${at}` }))
    best.sort((a, b) => b.importance - a.importance)
    const expected = best.slice(20, 30).map(({ id }) => id)
    expect(await found(driver, {}, { offset: 20, limit: 10 })).toEqual(expected)
  })

  it('are read in order while ids come and go', async () => {
    const driver = await driverWith(['b', 'd'].map((id) => memoryRow(id)))
    expect(await found(driver, {}, { order: 'id' })).toEqual(['b', 'd'])
    await driver.write(async (writer) => {
      await writer.putNodes(['c', 'a'].map((id) => memoryRow(id)))
      await writer.deleteNodes(['d'])
    })
    expect(await found(driver, {}, { order: 'id' })).toEqual(['a', 'b', 'c'])
  })
})

describe('memories that cannot be read', () => {
  const broken = ['{"title": ', '[]', '"text"', ''].map((properties, at) => ({
    id: `x${at}`,
    label: 'Memory',
    properties,
  }))

  it('are stored, but not among the hits, counts and averages', async () => {
    const driver = await driverWith([memoryRow('a'), ...broken])
    expect(await driver.reader.getNodes(['x0'])).toEqual([broken[0]])
    expect(await found(driver, {})).toEqual(['a'])
    expect(await found(driver, {}, { order: 'id' })).toEqual(['a'])
    expect(await driver.reader.countMemoriesByType(criteria())).toEqual({ general: 1 })
    expect((await driver.reader.getStatistics([])).byType).toEqual({ general: 1 })
  })

  it('are reported by health', async () => {
    const driver = await driverWith([
      memoryRow('a', { title: '😀'.repeat(200) }),
      memoryRow('b', { title: 'x'.repeat(201) }),
      memoryRow('c', { type: 'idea' }),
      nodeRow('t', 'Task', {}),
      ...broken,
    ])
    const health = await driver.health()
    expect(health).toMatchObject({ node_count: 8, memory_count: 7, relationship_count: 0, degraded: true })
    expect(health).toMatchObject({ version: null, schema_version: null, database_size_bytes: null })
    expect(health.warnings.map((warning) => Number.parseInt(warning, 10))).toEqual([4, 2])
  })

  it('become hits when they are repaired', async () => {
    const driver = await driverWith(broken)
    await driver.write((writer) => writer.putNodes([memoryRow('x0')]))
    expect(await found(driver, {})).toEqual(['x0'])
    await driver.write((writer) => writer.putNodes(broken))
    expect(await found(driver, {})).toEqual([])
  })
})

it('counts by type, and averages', async () => {
  const driver = await driverWith(
    [
      memoryRow('a', { importance: 0.2 }),
      memoryRow('b', { type: 'constructor', confidence: 0.4 }),
      memoryRow('c'),
    ],
    [relationshipRow('r', 'a', 'b', { valid_until: DAY(2) })],
  )
  expect(await driver.reader.countMemoriesByType(criteria({ minImportance: 0.5 }))).toEqual({
    constructor: 1,
    general: 1,
  })
  const statistics = await driver.reader.getStatistics([])
  expect(statistics).toMatchObject({ byType: { general: 2, constructor: 1 }, relationships: 1 })
  expect(statistics.averageImportance).toBeCloseTo(0.4)
  expect(statistics.averageConfidence).toBeCloseTo(2 / 3)
  const empty = await driverWith([])
  expect(await empty.reader.getStatistics([])).toEqual({
    byType: {},
    relationships: 0,
    averageImportance: null,
    averageConfidence: null,
  })
})

it('counts memories without a type under the empty text', async () => {
  const driver = await driverWith([
    memoryRow('a', { type: null }),
    memoryRow('b', { type: undefined }),
    memoryRow('c'),
  ])
  expect(await driver.reader.countMemoriesByType(criteria())).toEqual({ '': 2, general: 1 })
  expect((await driver.reader.getStatistics([])).byType).toEqual({ '': 2, general: 1 })
  expect(await found(driver, { types: ['general'] })).toEqual(['c'])
})
