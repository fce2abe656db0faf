import { daysAgo } from '../model/timestamp.js'
import type { MemoryStatistics, RecentActivity } from './graph-backend.js'
import type { GraphReader, MemoryCriteria } from './graph-driver.js'
import { decodeAll, NO_CRITERIA, sum } from './memory-search.js'

const MAX_RECENT_MEMORIES = 20
const MAX_UNRESOLVED_PROBLEMS = 10
const PROBLEM_TYPES = ['problem', 'error']
/** FIXES is no type of ours, but older tools wrote it. */
const RESOLVING_TYPES = ['SOLVES', 'ADDRESSES', 'FIXES']

/** Counts and averages, in the shape of MemoryGraph. */
export async function memoryStatistics(reader: GraphReader): Promise<MemoryStatistics> {
  const row = await reader.getStatistics([])
  return {
    total_memories: { count: sum(row.byType) },
    memories_by_type: row.byType,
    total_relationships: { count: row.relationships },
    avg_importance: { avg_importance: row.averageImportance },
    avg_confidence: { avg_confidence: row.averageConfidence },
  }
}

/** What was created lately, and which problems of that time are open. */
export async function recentActivity(
  reader: GraphReader,
  days: number,
  project: string | null,
): Promise<RecentActivity> {
  const recent: MemoryCriteria = { ...NO_CRITERIA, createdAfter: daysAgo(days), projectPath: project }
  const unresolved: MemoryCriteria = { ...recent, types: PROBLEM_TYPES, notReachedBy: RESOLVING_TYPES }
  const page = { offset: 0, afterId: null }
  const [counts, newest, open] = await Promise.all([
    reader.countMemoriesByType(recent),
    reader.findMemories({ ...page, criteria: recent, order: 'created', limit: MAX_RECENT_MEMORIES }),
    reader.findMemories({ ...page, criteria: unresolved, order: 'rank', limit: MAX_UNRESOLVED_PROBLEMS }),
  ])
  return {
    total_count: sum(counts),
    memories_by_type: counts,
    recent_memories: decodeAll(newest),
    unresolved_problems: decodeAll(open),
    days,
    project,
  }
}
