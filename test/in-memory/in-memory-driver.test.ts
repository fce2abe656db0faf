import { describe, expect, it } from 'vitest'
import type { GraphWriter } from '../../src/backends/graph-driver.js'
import { InMemoryDriver } from '../../src/backends/in-memory/in-memory-driver.js'
import { MAX_KEPT_ENTRIES } from '../../src/backends/in-memory/numbered-log.js'
import type { RelationshipRow } from '../../src/model/relationship-row.js'
import { driverWith, found, memoryRow, relationshipRow } from './rows.js'

const content = { text: { terms: [{ text: 'content', match: 'words' }], mode: 'any' } } as const

async function changes(driver: InMemoryDriver, after = 0): Promise<string[]> {
  const feed = await driver.reader.getChanges(after, 1000)
  return feed.changes.map(({ seq, kind, id, op }) => `${seq} ${op} ${kind} ${id}`)
}

describe('the driver', () => {
  it('says what it can do', async () => {
    const driver = new InMemoryDriver()
    expect(driver.capabilities).toMatchObject({
      fulltext: true,
      transactions: true,
      persistent: false,
      vector: true,
    })
    expect(Object.isFrozen(driver.capabilities)).toBe(true)
    expect(driver.describe()).toEqual({
      mode: 'memory',
      db_path: null,
      sync_url: null,
      auto_sync: false,
      sync_interval: 0,
    })
    expect(await driver.connect()).toBe(true)
    expect(driver.store).toBe(driver)
  })

  it('has no query language', async () => {
    await expect(new InMemoryDriver().query('SELECT 1', [], false)).rejects.toMatchObject({
      name: 'NotSupportedError',
      code: 'MG_NOT_SUPPORTED',
      message: expect.stringContaining('no query language'),
    })
  })

  it('heeds signal and progress of initializeSchema', async () => {
    const driver = new InMemoryDriver()
    const seen: number[] = []
    await driver.initializeSchema({ onProgress: ({ done }) => seen.push(done) })
    expect(seen).toEqual([0])
    await expect(driver.initializeSchema({ signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'MG_ABORTED',
    })
  })

  it('forgets everything on disconnect, after the reads and writes before it', async () => {
    const driver = await driverWith([memoryRow('a')])
    const write = driver.write((writer) => writer.putNodes([memoryRow('b')]))
    const read = driver.reader.getNodes(['a', 'b'])
    await Promise.all([write, driver.disconnect()])
    expect(await read).toHaveLength(2)
    await driver.connect()
    expect(await found(driver, {})).toEqual([])
    expect(await driver.reader.getChanges(0, 10)).toEqual({ changes: [], oldest: 0 })
  })
})

describe('rows', () => {
  it('are copies on the way in and out', async () => {
    const given = memoryRow('a')
    const edge = relationshipRow('r', 'a', 'a')
    const driver = await driverWith([given], [edge])
    const { properties } = given
    given.properties = 'changed'
    edge.rel_type = 'changed'
    const [node] = await driver.reader.getNodes(['a'])
    if (node) node.properties = 'changed'
    const [relationship] = await driver.reader.getRelationships(['r'])
    if (relationship) relationship.rel_type = 'changed'
    const [change] = (await driver.reader.getChanges(0, 1)).changes
    if (change) change.id = 'changed'
    expect(await driver.reader.getNodes(['a'])).toEqual([{ id: 'a', label: 'Memory', properties }])
    expect((await driver.reader.getRelationships(['r']))[0]?.rel_type).toBe('RELATED_TO')
    expect(await changes(driver)).toEqual(['1 insert node a', '2 insert relationship r'])
  })

  it('are found once by repeated ids, and not by unknown ones', async () => {
    const driver = await driverWith([memoryRow('a')], [relationshipRow('r', 'a', 'a')])
    expect(await driver.reader.getNodes(['a', 'a', 'b'])).toHaveLength(1)
    expect(await driver.reader.getRelationships(['r', 'r', 's'])).toHaveLength(1)
    expect(await driver.reader.getNodes([])).toEqual([])
  })
})

describe('relationships', () => {
  it('need both ends, and the relationship that invalidates them', async () => {
    const driver = await driverWith([memoryRow('a')])
    const insert = (to: string, invalidatedBy: string | null): Promise<void> =>
      driver.write((writer) =>
        writer.insertRelationships([relationshipRow('r', 'a', to, { invalidated_by: invalidatedBy })]),
      )
    await expect(insert('b', null)).rejects.toMatchObject({
      code: 'MG_RELATIONSHIP',
      details: { missing: ['b'] },
    })
    await expect(insert('a', 'x')).rejects.toMatchObject({
      code: 'MG_RELATIONSHIP',
      details: { missing: ['x'] },
    })
    await insert('a', 'r')
    expect(await driver.write((writer) => writer.deleteRelationships(['r', 'r', 'absent']))).toBe(1)
  })

  it('are updated in the columns that changed, their type stays', async () => {
    const row = relationshipRow('r', 'a', 'b')
    const driver = await driverWith([memoryRow('a'), memoryRow('b')], [row])
    const update = (before: Partial<RelationshipRow>, after: Partial<RelationshipRow>): Promise<void> =>
      driver.write((writer) => writer.updateRelationship({ ...row, ...before }, { ...row, ...after }))
    await update({}, { from_id: 'b', to_id: 'a', rel_type: 'SOLVES', properties: '{"strength": 0.9}' })
    await update({ valid_until: 'x' }, { valid_until: 'x', recorded_at: 'later' })
    expect(await driver.reader.getRelationships(['r'])).toEqual([
      { ...row, from_id: 'b', to_id: 'a', properties: '{"strength": 0.9}', recorded_at: 'later' },
    ])
    await expect(update({}, { invalidated_by: 'absent' })).rejects.toMatchObject({
      code: 'MG_RELATIONSHIP',
      details: { missing: ['absent'] },
    })
    await update({ invalidated_by: 'dangling' }, { invalidated_by: 'dangling', valid_until: 'end' })
    await update({}, { invalidated_by: 'r' })
    expect((await driver.reader.getRelationships(['r']))[0]).toMatchObject({
      valid_until: 'end',
      invalidated_by: 'r',
    })
    await update({ id: 'absent' }, { id: 'absent', recorded_at: 'never' })
    await update({}, {})
    expect(await changes(driver, 3)).toEqual([4, 5, 6, 7].map((seq) => `${seq} update relationship r`))
  })

  it('are let go by those they invalidated', async () => {
    const driver = await driverWith(
      ['a', 'b', 'c'].map((id) => memoryRow(id)),
      [relationshipRow('new', 'b', 'c'), relationshipRow('old', 'a', 'b', { invalidated_by: 'new' })],
    )
    await driver.write((writer) => writer.deleteNodes(['c']))
    expect(await driver.reader.getRelationships(['new', 'old'])).toEqual([relationshipRow('old', 'a', 'b')])
    expect(await changes(driver, 5)).toEqual([
      '6 update relationship old',
      '7 delete relationship new',
      '8 delete node c',
    ])
  })
})

describe('the change feed', () => {
  it('records what changed, and nothing else', async () => {
    const driver = await driverWith([memoryRow('a'), memoryRow('b')], [relationshipRow('r', 'a', 'b')])
    await driver.write(async (writer) => {
      await writer.putNodes([memoryRow('a'), memoryRow('b', { title: 'new' })])
      const row = relationshipRow('r', 'a', 'b')
      await writer.updateRelationship(row, { ...row })
      await writer.updateRelationship(row, relationshipRow('r', 'a', 'b', { strength: 0.1 }))
      expect(await writer.deleteNodes(['a', 'a', 'absent'])).toBe(1)
    })
    expect(await changes(driver)).toEqual([
      '1 insert node a',
      '2 insert node b',
      '3 insert relationship r',
      '4 update node b',
      '5 update relationship r',
      '6 delete relationship r',
      '7 delete node a',
    ])
    expect((await driver.reader.getChanges(2, 2)).changes.map(({ seq }) => seq)).toEqual([3, 4])
    expect(await driver.reader.getChanges(7, 2)).toEqual({ changes: [], oldest: 0 })
  })

  it('drops the oldest changes', async () => {
    const driver = new InMemoryDriver()
    const excess = 10
    for (let at = 0; at < MAX_KEPT_ENTRIES + excess; at += 10_000) {
      const count = Math.min(10_000, MAX_KEPT_ENTRIES + excess - at)
      const rows = Array.from({ length: count }, (_, offset) => ({
        id: `n${at + offset}`,
        label: 'N',
        properties: '{}',
      }))
      await driver.write((writer) => writer.putNodes(rows))
    }
    const { changes: kept, oldest } = await driver.reader.getChanges(0, 1)
    expect(kept).toEqual([{ seq: excess + 1, kind: 'node', id: `n${excess}`, op: 'insert' }])
    expect(oldest).toBe(excess + 1)
    const last = await driver.reader.getChanges(MAX_KEPT_ENTRIES + excess - 1, 10)
    expect(last.changes.map(({ seq }) => seq)).toEqual([MAX_KEPT_ENTRIES + excess])
  })
})

describe('a write', () => {
  it('is seen by its own reads at once and by others when it ends', async () => {
    const driver = await driverWith([memoryRow('a')])
    let read: Promise<string[]> | undefined
    const write = driver.write(async (writer) => {
      await writer.putNodes([memoryRow('b')])
      await writer.deleteNodes(['a'])
      read = found(driver, content)
      await new Promise((resolve) => setTimeout(resolve, 5))
      expect(await writer.getNodes(['a', 'b'])).toHaveLength(1)
      await writer.putNodes([memoryRow('c')])
    })
    await write
    expect(await read).toEqual(['b', 'c'])
  })

  it('is not seen half done by reads that start between two writes', async () => {
    const driver = await driverWith([memoryRow('a')])
    const seen: number[] = []
    const writes = Array.from({ length: 50 }, (_, at) =>
      driver.write(async (writer) => {
        await writer.putNodes([memoryRow(`x${at}`)])
        await Promise.resolve()
        await writer.putNodes([memoryRow(`y${at}`)])
      }),
    )
    const reads = writes.map(async (write) => {
      await write
      seen.push((await found(driver, {})).length)
    })
    await Promise.all(reads)
    expect(seen.every((count) => count % 2 === 1)).toBe(true)
  })

  it('does not keep health waiting, which tells of what is committed', async () => {
    const driver = await driverWith([memoryRow('a')])
    await driver.write(async (writer) => {
      await writer.putNodes([memoryRow('b'), memoryRow('c', { type: 'idea' })])
      expect(await driver.health()).toMatchObject({ node_count: 1, warnings: [] })
    })
    expect(await driver.health()).toMatchObject({ node_count: 3, memory_count: 3, degraded: false })
    expect((await driver.health()).warnings).toHaveLength(1)
    await driver.write((writer) => writer.deleteNodes(['c']))
    expect((await driver.health()).warnings).toEqual([])
    await driver.disconnect()
    expect(await driver.health()).toMatchObject({ node_count: 0 })
  })

  it('is undone when it fails, and the next one runs', async () => {
    const driver = await driverWith([memoryRow('a')])
    const failing = driver.write(async (writer) => {
      await writer.putNodes([memoryRow('b')])
      throw new Error('no')
    })
    const next = driver.write((writer) => writer.putNodes([memoryRow('c')]))
    await expect(failing).rejects.toThrow('no')
    await next
    expect(await found(driver, content)).toEqual(['a', 'c'])
    expect(await changes(driver)).toEqual(['1 insert node a', '2 insert node c'])
  })

  it('is undone also when it fails before it awaits anything', async () => {
    const driver = await driverWith([])
    const failing = driver.write((writer: GraphWriter): Promise<void> => {
      void writer.putNodes([memoryRow('a')])
      throw new Error('no')
    })
    await expect(failing).rejects.toThrow('no')
    expect(await found(driver, {})).toEqual([])
  })

  it('keeps the rest when one call fails and the work goes on', async () => {
    const driver = await driverWith([memoryRow('a')])
    await driver.write(async (writer) => {
      const rows = [relationshipRow('r', 'a', 'a'), relationshipRow('s', 'a', 'absent')]
      await expect(writer.insertRelationships(rows)).rejects.toMatchObject({ code: 'MG_RELATIONSHIP' })
      await writer.putNodes([memoryRow('b')])
    })
    expect(await driver.reader.getRelationships(['r', 's'])).toEqual([])
    expect(await found(driver, {})).toEqual(['a', 'b'])
  })
})

describe('a part of a write', () => {
  it('is undone when it fails: rows, relationships, index and feed; the rest stays', async () => {
    const driver = await driverWith([memoryRow('a'), memoryRow('b')], [relationshipRow('r', 'a', 'b')])
    const fault = new Error('no')
    await driver.write(async (writer) => {
      await writer.putNodes([memoryRow('c', { title: 'kept' })])
      const part = writer.atomically(async () => {
        await writer.putNodes([memoryRow('a', { title: 'changed' }), memoryRow('d')])
        await writer.deleteNodes(['b'])
        expect(await writer.getNodes(['a', 'b', 'd'])).toHaveLength(2)
        throw fault
      })
      await expect(part).rejects.toBe(fault)
      await expect(
        writer.atomically(() => {
          void writer.putNodes([memoryRow('e')])
          throw fault
        }),
      ).rejects.toBe(fault)
      expect(await writer.getNodes(['a', 'b', 'c', 'd', 'e'])).toHaveLength(3)
      expect(await writer.getRelationships(['r'])).toHaveLength(1)
      expect(await writer.atomically(async () => writer.deleteNodes(['b']))).toBe(1)
    })
    expect(await found(driver, content)).toEqual(['a', 'c'])
    expect(await changes(driver, 3)).toEqual([
      '4 insert node c',
      '5 delete relationship r',
      '6 delete node b',
    ])
    expect(await driver.health()).toMatchObject({ node_count: 2, relationship_count: 0 })
  })

  it('that ends after its write takes nothing back from the writes after it', async () => {
    const driver = await driverWith([])
    let end: (error: Error) => void = () => undefined
    let part: Promise<void> = Promise.resolve()
    await driver.write(async (writer) => {
      part = writer.atomically(async () => {
        await writer.putNodes([memoryRow('a')])
        await new Promise((_resolve, reject) => {
          end = reject
        })
      })
      await Promise.resolve()
    })
    await driver.write((writer) => writer.putNodes([memoryRow('b')]))
    end(new Error('late'))
    await expect(part).rejects.toThrow('late')
    expect(await found(driver, {})).toEqual(['a', 'b'])
    expect(await changes(driver)).toEqual(['1 insert node a', '2 insert node b'])
  })
})
