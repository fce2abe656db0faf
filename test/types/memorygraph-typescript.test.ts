import { describe, expect, it } from 'vitest'
import { TursoBackend } from '../../src/backends/turso/turso-backend.js'

/* The interface of MemoryGraph for TypeScript 0.13, restated: what compiles against it must take our backend as it is. */

type Time = string | Date
type TheirContext = {
  project_path?: string | null | undefined
  files_involved: string[]
  languages: string[]
  frameworks: string[]
  technologies: string[]
  git_commit?: string | null | undefined
  git_branch?: string | null | undefined
  working_directory?: string | null | undefined
  timestamp: Time
  session_id?: string | null | undefined
  user_id?: string | null | undefined
  additional_metadata: Record<string, unknown>
  tenant_id?: string | null | undefined
  team_id?: string | null | undefined
  visibility: 'private' | 'project' | 'team' | 'public'
  created_by?: string | null | undefined
}
type TheirMemory = {
  id?: string | null | undefined
  type: string
  title: string
  content: string
  summary?: string | null | undefined
  tags: string[]
  context?: TheirContext | null | undefined
  importance: number
  confidence: number
  effectiveness?: number | null | undefined
  usage_count: number
  created_at: Time
  updated_at: Time
  last_accessed?: Time | null | undefined
  version: number
  updated_by?: string | null | undefined
  relationships?: Record<string, string[]> | null | undefined
  match_info?: Record<string, unknown> | null | undefined
  context_summary?: string | null | undefined
}
type TheirProperties = {
  strength: number
  confidence: number
  context?: string | null | undefined
  evidence_count: number
  success_rate?: number | null | undefined
  created_at: Time
  last_validated: Time
  validation_count: number
  counter_evidence_count: number
  valid_from: Time
  valid_until?: Time | null | undefined
  recorded_at: Time
  invalidated_by?: string | null | undefined
}
type TheirRelationship = {
  id?: string | null | undefined
  from_memory_id: string
  to_memory_id: string
  type: string
  properties: TheirProperties
  description?: string | null | undefined
  bidirectional: boolean
}
type TheirSearch = {
  query?: string | null | undefined
  terms: string[]
  memory_types: string[]
  tags: string[]
  project_path?: string | null | undefined
  languages: string[]
  frameworks: string[]
  min_importance?: number | null | undefined
  min_confidence?: number | null | undefined
  min_effectiveness?: number | null | undefined
  created_after?: Time | null | undefined
  created_before?: Time | null | undefined
  limit: number
  offset: number
  include_relationships: boolean
  search_tolerance: 'strict' | 'normal' | 'fuzzy'
  match_mode: 'any' | 'all'
  relationship_filter?: string[] | null | undefined
}
interface TheirHealth {
  connected: boolean
  backend_type: string
  [key: string]: unknown
}
interface TheirBackend {
  connect(): Promise<boolean>
  disconnect(): Promise<void>
  executeQuery(
    query: string,
    parameters?: Record<string, unknown>,
    write?: boolean,
  ): Promise<Record<string, unknown>[]>
  initializeSchema(): Promise<void>
  healthCheck(): Promise<TheirHealth>
  backendName(): string
  supportsFulltextSearch(): boolean
  supportsTransactions(): boolean
  isCypherCapable(): boolean
  storeMemory(memory: TheirMemory): Promise<string>
  getMemory(memoryId: string, includeRelationships?: boolean): Promise<TheirMemory | null>
  searchMemories(searchQuery: TheirSearch): Promise<TheirMemory[]>
  updateMemory(memory: TheirMemory): Promise<boolean>
  deleteMemory(memoryId: string): Promise<boolean>
  createRelationship(from: string, to: string, type: string, properties?: TheirProperties): Promise<string>
  getRelatedMemories(
    memoryId: string,
    options?: { relationshipTypes?: string[]; maxDepth?: number },
  ): Promise<[TheirMemory, TheirRelationship][]>
  getMemoryStatistics?(): Promise<Record<string, unknown>>
  getRecentActivity?(days?: number, project?: string | null): Promise<Record<string, unknown>>
  recallMemories?(
    query: string,
    options?: { memoryTypes?: string[]; projectPath?: string; limit?: number },
  ): Promise<TheirMemory[]>
}

/** The same with functions in place of methods, so that the compiler also checks that we take all that they may give. */
type Strict<Interface> = { [Name in keyof Interface]: Interface[Name] }

describe('MemoryGraph for TypeScript', () => {
  it('can use our backend through its own interface, in both directions', async () => {
    const ours = new TursoBackend({ path: ':memory:' })
    const theirs: TheirBackend = ours
    const strict: Strict<TheirBackend> = ours
    const takesTheirMemory: (memory: TheirMemory) => Promise<string> = (memory) => ours.storeMemory(memory)
    const takesTheirSearch: (search: TheirSearch) => Promise<TheirMemory[]> = (search) =>
      ours.searchMemories(search)
    expect(strict).toBe(theirs)
    await theirs.connect()
    await theirs.initializeSchema()
    const id = await takesTheirMemory({
      id: null,
      type: 'task',
      title: 'Theirs',
      content: 'from their model',
      tags: [],
      importance: 0.5,
      confidence: 0.8,
      usage_count: 0,
      created_at: new Date(),
      updated_at: new Date(),
      version: 1,
    })
    const memory = await theirs.getMemory(id, true)
    expect(await theirs.updateMemory({ ...(memory as TheirMemory), title: 'Changed' })).toBe(true)
    const found = await takesTheirSearch({
      query: 'changed',
      terms: [],
      memory_types: [],
      tags: [],
      languages: [],
      frameworks: [],
      limit: 50,
      offset: 0,
      include_relationships: true,
      search_tolerance: 'normal',
      match_mode: 'any',
    })
    expect(found.map((hit) => hit.id)).toEqual([id])
    await theirs.disconnect()
  })
})
