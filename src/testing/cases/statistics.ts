import assert from 'node:assert/strict'
import { assertPlain, idsOf, rejectsWith } from '../assertions.js'
import { casesOf, type GraphBackendCase } from '../graph-backend-case.js'
import { join, note, storeSamples } from '../samples.js'

const HOUR = 3_600_000
const hoursAgo = (hours: number): Date => new Date(Date.now() - hours * HOUR)

/** Counts, averages and what happened lately. */
export const statisticsCases: readonly GraphBackendCase[] = casesOf('statistics', {
  'getMemoryStatistics() of an empty store has no averages': async (backend) => {
    assert.deepEqual(await backend.getMemoryStatistics(), {
      total_memories: { count: 0 },
      memories_by_type: {},
      total_relationships: { count: 0 },
      avg_importance: { avg_importance: null },
      avg_confidence: { avg_confidence: null },
    })
  },

  'getMemoryStatistics() counts memories, and relationships that have ended too': async (backend) => {
    await storeSamples(backend)
    await backend.putNodes([{ id: 'task', label: 'Task', properties: { importance: 1, type: 'task' } }])
    const { avg_importance, avg_confidence, ...counts } = await backend.getMemoryStatistics()
    assert.deepEqual(counts, {
      total_memories: { count: 6 },
      memories_by_type: { problem: 2, solution: 1, code_pattern: 1, command: 1, general: 1 },
      total_relationships: { count: 3 },
    })
    assert.ok(Math.abs((avg_importance.avg_importance ?? 0) - 3.5 / 6) < 1e-9)
    assert.ok(Math.abs((avg_confidence.avg_confidence ?? 0) - 4.7 / 6) < 1e-9)
  },

  'getMemoryStatistics() follows every write': async (backend) => {
    await storeSamples(backend)
    await backend.deleteMemory('gateway-timeout')
    await backend.updateMemory({ id: 'slow-report', type: 'fix' })
    await backend.storeMemory(note('river-names', { type: 'fix' }))
    const { total_memories, memories_by_type, total_relationships } = await backend.getMemoryStatistics()
    assert.deepEqual(memories_by_type, { solution: 1, code_pattern: 1, command: 1, fix: 2 })
    assert.deepEqual([total_memories.count, total_relationships.count], [5, 2])
  },

  'getRecentActivity() of an empty store is empty': async (backend) => {
    assert.deepEqual(await backend.getRecentActivity(), {
      total_count: 0,
      memories_by_type: {},
      recent_memories: [],
      unresolved_problems: [],
      days: 7,
      project: null,
    })
  },

  'getRecentActivity() tells what was created in the last days, newest first': async (backend) => {
    await backend.storeMemories([
      note('hour', { created_at: hoursAgo(1), type: 'task', importance: 0 }),
      note('day', { created_at: hoursAgo(30), type: 'task' }),
      note('week', { created_at: hoursAgo(6.9 * 24), type: 'fix', importance: 1 }),
      note('month', { created_at: hoursAgo(29 * 24) }),
    ])
    const recent = async (days?: number): Promise<unknown[]> => {
      const activity = await backend.getRecentActivity(days)
      assert.equal(activity.total_count, activity.recent_memories.length)
      return [activity.days, idsOf(activity.recent_memories), activity.memories_by_type]
    }
    const ofWeek = [7, ['hour', 'day', 'week'], { task: 2, fix: 1 }]
    assert.deepEqual(await recent(), ofWeek)
    assert.deepEqual(await recent(7), ofWeek)
    assert.deepEqual(await recent(1), [1, ['hour'], { task: 1 }])
    assert.deepEqual(await recent(0.02), [0.02, [], {}])
    assert.deepEqual(await recent(0), [0, [], {}])
    assert.deepEqual(await recent(36_500), [
      36_500,
      ['hour', 'day', 'week', 'month'],
      { task: 2, fix: 1, general: 1 },
    ])
  },

  'getRecentActivity() counts all and lists the newest 20': async (backend) => {
    const minutes = Array.from({ length: 25 }, (_, at) => at + 1)
    await backend.storeMemories(
      minutes.map((at) => note(`n${at}`, { created_at: hoursAgo(at / 60) })).reverse(),
    )
    const activity = await backend.getRecentActivity()
    assert.equal(activity.total_count, 25)
    assert.deepEqual(
      idsOf(activity.recent_memories),
      minutes.slice(0, 20).map((at) => `n${at}`),
    )
  },

  'getRecentActivity() lists problems and errors that nothing current solves or addresses': async (
    backend,
  ) => {
    const created_at = hoursAgo(2)
    const problem = { type: 'problem', created_at, importance: 0.5 }
    await backend.storeMemories([
      note('open', problem),
      note('open-error', { ...problem, type: 'error', importance: 0.9 }),
      note('solved', problem),
      note('addressed', problem),
      note('solved-once', problem),
      note('caused', problem),
      note('solver-itself', problem),
      note('old', { ...problem, created_at: hoursAgo(30 * 24) }),
      note('answer', { type: 'solution', created_at }),
    ])
    await join(backend, 'r1', 'answer', 'solved', { type: 'SOLVES' })
    await join(backend, 'r2', 'answer', 'addressed', { type: 'ADDRESSES' })
    await join(backend, 'r3', 'answer', 'solved-once', {
      type: 'SOLVES',
      properties: { valid_from: '2025-01-01', valid_until: '2025-01-02' },
    })
    await join(backend, 'r4', 'answer', 'caused', { type: 'CAUSES' })
    await join(backend, 'r5', 'solver-itself', 'answer', { type: 'SOLVES' })
    const { unresolved_problems, total_count } = await backend.getRecentActivity()
    assert.equal(unresolved_problems[0]?.id, 'open-error')
    assert.deepEqual(idsOf(unresolved_problems).sort(), [
      'caused',
      'open',
      'open-error',
      'solved-once',
      'solver-itself',
    ])
    assert.equal(total_count, 8)
  },

  'getRecentActivity() lists the 10 most important problems': async (backend) => {
    const created_at = hoursAgo(1)
    const ranks = Array.from({ length: 12 }, (_, at) => at)
    await backend.storeMemories(
      ranks.map((at) => note(`p${at}`, { type: 'problem', created_at, importance: at / 20 })),
    )
    const { unresolved_problems } = await backend.getRecentActivity()
    assert.deepEqual(
      idsOf(unresolved_problems),
      ranks
        .slice(2)
        .reverse()
        .map((at) => `p${at}`),
    )
  },

  'getRecentActivity() of one project leaves out the others': async (backend) => {
    const created_at = hoursAgo(1)
    const inProject = (project_path: string): object => ({
      created_at,
      type: 'problem',
      context: { project_path },
    })
    await backend.storeMemories([
      note('shop', inProject('/srv/shop')),
      note('shop-2', inProject('/srv/shop/2')),
      note('none', { created_at, type: 'problem' }),
    ])
    const activity = await backend.getRecentActivity(7, '/srv/shop')
    assert.deepEqual(
      [activity.project, activity.total_count, activity.memories_by_type],
      ['/srv/shop', 1, { problem: 1 }],
    )
    assert.deepEqual(
      [idsOf(activity.recent_memories), idsOf(activity.unresolved_problems)],
      [['shop'], ['shop']],
    )
    assert.equal((await backend.getRecentActivity(7, null)).total_count, 3)
    assertPlain(activity, 'recent activity')
  },

  'getRecentActivity() refuses what it cannot do': async (backend) => {
    for (const days of [-1, 36_501, Number.NaN, '7', null, {}]) {
      await rejectsWith('MG_VALIDATION', () => backend.getRecentActivity(days as never), String(days))
    }
    await rejectsWith('MG_VALIDATION', () => backend.getRecentActivity(7, 5 as never))
  },
})
