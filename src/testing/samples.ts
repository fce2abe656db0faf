import type { GraphBackend } from '../backends/graph-backend.js'
import type { MemoryInput } from '../model/memory.js'
import type { RelationshipInput, RelationshipProperties } from '../model/relationship.js'
import { deepFreeze } from './assertions.js'

/** A memory to be stored whose id is known beforehand. */
export type SampleMemory = MemoryInput & { readonly id: string }

/** Notes of a small team. Frozen, so that a backend that changes its arguments fails. */
export const SAMPLE_MEMORIES: readonly SampleMemory[] = deepFreeze([
  {
    id: 'gateway-timeout',
    type: 'problem',
    title: 'Gateway timeout under load',
    content: 'The payment gateway times out when 200 requests arrive at once.',
    tags: ['payment', 'timeout'],
    importance: 0.9,
    confidence: 0.9,
    created_at: '2026-01-05T12:00:00Z',
    context: { project_path: '/srv/shop', languages: ['TypeScript'], frameworks: ['Fastify'] },
  },
  {
    id: 'retry-backoff',
    type: 'solution',
    title: 'Retry with exponential backoff',
    content: 'Each of the three retries waits twice as long as the one before.',
    summary: 'Waiting keeps the gateway answering.',
    tags: ['payment', 'resilience'],
    importance: 0.8,
    confidence: 0.7,
    effectiveness: 0.9,
    created_at: '2026-01-06T12:00:00Z',
    context: { project_path: '/srv/shop', languages: ['TypeScript'], frameworks: ['Fastify'] },
  },
  {
    id: 'connection-pool',
    type: 'code_pattern',
    title: 'Connection pool per process',
    content: 'One pool of ten connections serves every worker.',
    tags: ['database'],
    importance: 0.6,
    confidence: 0.8,
    effectiveness: 0.6,
    created_at: '2026-01-07T12:00:00Z',
    context: { project_path: '/srv/shop', languages: ['Python'], frameworks: ['Django'] },
  },
  {
    id: 'slow-report',
    type: 'problem',
    title: 'Monthly report is slow',
    content: 'The report reads every order; an index on the date helps.',
    tags: ['database', 'report'],
    importance: 0.6,
    confidence: 0.5,
    effectiveness: 0.3,
    created_at: '2026-01-08T12:00:00Z',
    context: { project_path: '/srv/reports', languages: ['Python', 'SQL'], frameworks: ['Django'] },
  },
  {
    id: 'deploy-command',
    type: 'command',
    title: 'Deploy to staging',
    content: 'Run make deploy from the main branch.',
    tags: ['deploy'],
    importance: 0.4,
    confidence: 1,
    created_at: '2026-01-09T12:00:00Z',
    context: { project_path: '/srv/reports' },
  },
  {
    id: 'river-names',
    type: 'general',
    title: 'Names of services',
    content: 'Services are named after rivers.',
    importance: 0.2,
    created_at: '2026-01-10T12:00:00Z',
  },
])

/** All sample ids, in the order of a search without text. */
export const SAMPLE_IDS: readonly string[] = [
  'gateway-timeout',
  'retry-backoff',
  'slow-report',
  'connection-pool',
  'deploy-command',
  'river-names',
]

/** How the sample notes belong together. `was-related` has ended. */
export const SAMPLE_RELATIONSHIPS: readonly RelationshipInput[] = deepFreeze([
  {
    id: 'backoff-solves-timeout',
    from_memory_id: 'retry-backoff',
    to_memory_id: 'gateway-timeout',
    type: 'SOLVES',
    properties: { strength: 0.9, confidence: 0.8, context: 'Measured for a week.' },
  },
  {
    id: 'pool-addresses-report',
    from_memory_id: 'connection-pool',
    to_memory_id: 'slow-report',
    type: 'ADDRESSES',
    properties: { strength: 0.6 },
  },
  {
    id: 'was-related',
    from_memory_id: 'river-names',
    to_memory_id: 'deploy-command',
    type: 'RELATED_TO',
    properties: { valid_from: '2025-01-01T00:00:00Z', valid_until: '2025-02-01T00:00:00Z' },
  },
])

/** A memory that has every field. */
export const COMPLETE_MEMORY: SampleMemory = deepFreeze({
  id: 'complete',
  type: 'workflow',
  title: 'Everything a memory can say',
  content: 'First line.\n\n\tThen "quotes", a \\ backslash and a 🦉.',
  summary: 'All fields at once.',
  tags: ['alpha', 'beta'],
  context: {
    project_path: 'C:\\work\\shop',
    files_involved: ['src/a.ts', 'src/b c.ts'],
    languages: ['TypeScript'],
    frameworks: ['Fastify', 'Vite'],
    technologies: ['libSQL'],
    git_commit: 'abc123',
    git_branch: 'main',
    working_directory: '/home/dev/shop',
    timestamp: '2026-02-01T08:00:00.000000+00:00',
    session_id: 'session-1',
    user_id: 'user-1',
    additional_metadata: { nested: { list: [1, 2.5, null, true, 'x'] }, empty: {}, '': 'empty key' },
    tenant_id: 'tenant-1',
    team_id: 'team-1',
    visibility: 'team',
    created_by: 'someone',
  },
  importance: 0.75,
  confidence: 1,
  effectiveness: 0,
  usage_count: 7,
  created_at: '2026-02-01T09:30:00.123456+00:00',
  last_accessed: '2026-02-02T10:00:00.000000+00:00',
  updated_by: 'someone else',
} as const)

/** Every property of a relationship. `successor` must be one. */
export const EVERY_PROPERTY: RelationshipProperties = {
  strength: 0.25,
  confidence: 1,
  context: 'Seen "twice", 100% — 🦉',
  evidence_count: 3,
  success_rate: 0,
  created_at: '2026-01-01T00:00:00.000001+00:00',
  last_validated: '2026-01-02T00:00:00.000000+00:00',
  validation_count: 4,
  counter_evidence_count: 5,
  valid_from: '2025-12-01T00:00:00.000000+00:00',
  valid_until: '2026-12-01T00:00:00.000000+00:00',
  recorded_at: '2026-01-03T00:00:00.000000+00:00',
  invalidated_by: 'successor',
}

/** A memory of which only what a case is about is spelled out. */
export function note(id: string, fields: Partial<MemoryInput> = {}): SampleMemory {
  return deepFreeze({ type: 'general', title: `Note ${id}`, content: 'Nothing of note.', ...fields, id })
}

/** Stores the sample notes and their relationships. */
export async function storeSamples(backend: GraphBackend): Promise<void> {
  await backend.storeMemories(SAMPLE_MEMORIES)
  await backend.createRelationships(SAMPLE_RELATIONSHIPS)
}

/** Stores notes that have nothing but their ids. */
export async function storeNotes(backend: GraphBackend, ...ids: readonly string[]): Promise<void> {
  await backend.storeMemories(ids.map((id) => note(id)))
}

/** Joins two notes by a relationship with a known id. */
export async function join(
  backend: GraphBackend,
  id: string,
  from: string,
  to: string,
  relationship: Partial<Pick<RelationshipInput, 'type' | 'properties'>> = {},
): Promise<void> {
  await backend.createRelationships([
    { id, from_memory_id: from, to_memory_id: to, type: 'RELATED_TO', ...relationship },
  ])
}
