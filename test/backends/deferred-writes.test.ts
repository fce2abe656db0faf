import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { AuditNotes } from '../../src/backends/audit-notes.js'
import { DeferredWrites } from '../../src/backends/deferred-writes.js'
import type { AuditRow, GraphWriter } from '../../src/backends/graph-driver.js'
import { InMemoryDriver } from '../../src/backends/in-memory/in-memory-driver.js'
import { DatabaseConnectionError } from '../../src/errors.js'

const driver = new InMemoryDriver()
let notes: AuditNotes
let deferred: DeferredWrites
let warnings: string[]
/** What the next writes fail with. */
let failure: Error | null
let writes: number

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  await driver.disconnect()
  notes = new AuditNotes()
  warnings = []
  failure = null
  writes = 0
  const write = async (work: (writer: GraphWriter) => Promise<void>): Promise<void> => {
    writes++
    await driver.write(async (writer) => {
      await work(writer)
      if (failure) throw failure
    })
  }
  deferred = new DeferredWrites([notes], write, { warn: (message) => warnings.push(message) })
})

afterEach(() => void vi.useRealTimers())

function row(operation: string): AuditRow {
  return { at: '2026-01-01T00:00:00.000000+00:00', actor: 'a', operation, ids: [], count: 0 }
}

function note(...operations: readonly string[]): void {
  for (const operation of operations) {
    notes.add(row(operation))
    deferred.noted()
  }
}

async function stored(): Promise<string[]> {
  return (await driver.reader.getAuditEntries(0, 1_000_000)).map(({ operation }) => operation)
}

describe('DeferredWrites', () => {
  it('writes what was noted within a second, together', async () => {
    note('one', 'two')
    await vi.advanceTimersByTimeAsync(500)
    expect(await stored()).toEqual([])
    note('three')
    await vi.advanceTimersByTimeAsync(500)
    await expect.poll(stored).toEqual(['one', 'two', 'three'])
    expect(writes).toBe(1)
  })

  it('does not wait where there is enough for a batch', async () => {
    note(...Array.from({ length: 1000 }, (_, at) => `note ${at}`))
    await expect.poll(stored).toHaveLength(1000)
  })

  it('keeps what cannot be written, in order, says so once, and writes it with what comes next', async () => {
    failure = new Error('the disk is away')
    note('one')
    await deferred.flush()
    note('two')
    await deferred.flush()
    expect(await stored()).toEqual([])
    expect(warnings).toEqual([expect.stringMatching(/audit log.*goes on waiting: the disk is away/)])
    failure = null
    note('three')
    await deferred.flush()
    expect(await stored()).toEqual(['one', 'two', 'three'])
  })

  it('tries again by itself', async () => {
    failure = new Error('the disk is away')
    note('one')
    await deferred.flush()
    failure = null
    await vi.advanceTimersByTimeAsync(1_000)
    await expect.poll(stored).toEqual(['one'])
  })

  it('says at the end how many are lost', async () => {
    failure = new Error('the disk is away')
    note('one', 'two')
    await deferred.end()
    expect(warnings.at(-1)).toMatch(/^Lost entries of the audit log: 2 \(the disk is away\)$/)
    failure = null
    await deferred.flush()
    expect(await stored()).toEqual([])
  })

  it('gives up where the store takes no writes, until it is opened again', async () => {
    failure = new DatabaseConnectionError('it can only be read', { code: 'MG_READ_ONLY' })
    note('one')
    await deferred.flush()
    expect([deferred.isOff, notes.size]).toEqual([true, 0])
    await deferred.end()
    expect(warnings).toEqual(['What is read leaves no entries of the audit log: it can only be read'])
    expect(deferred.isOff).toBe(false)
  })

  it('drops the oldest where more than 100,000 wait, and says so', async () => {
    failure = new Error('the disk is away')
    for (let at = 0; at < 100_000; at++) notes.add(row(String(at)))
    note('newest')
    await deferred.flush()
    expect(notes.size).toBe(99_001)
    expect(warnings[0]).toMatch(/^Dropped the oldest 1000 entries of the audit log/)
    failure = null
    await deferred.flush()
    const operations = await stored()
    expect([operations[0], operations.at(-1)]).toEqual(['1000', 'newest'])
  })
})
