import type { BackendCapabilities, GraphBackend } from '../backends/graph-backend.js'
import { collect } from './assertions.js'

/** A capability that decides whether a method works at all. */
export type NeededCapability = 'vector' | 'history' | 'sync' | 'graph' | 'scopes' | 'transactions' | 'query'

/** A method with arguments that are valid on an empty store. */
export type MethodCall = {
  readonly method: string
  readonly needs: NeededCapability | null
  readonly call: (backend: GraphBackend) => Promise<unknown>
}

/** Whether a backend declares that it can do something. */
export function isSupported(capabilities: BackendCapabilities, needed: NeededCapability | null): boolean {
  if (needed === null) return true
  return needed === 'query' ? capabilities.queryLanguage !== 'none' : capabilities[needed]
}

const NOTE = { id: 'absent', type: 'general', title: 'A note', content: 'A note.' }
const RELATIONSHIP = { from_memory_id: 'absent', to_memory_id: 'missing', type: 'SOLVES' }
const SINCE = '2026-01-01T00:00:00Z'
const EMBEDDING = { id: 'absent', model: 'model', vector: [1, 0] }

function rawQuery(backend: GraphBackend): string {
  return backend.capabilities.queryLanguage === 'cypher' ? 'RETURN 1 AS one' : 'SELECT 1 AS one'
}

/** Every method but those of the lifecycle, identity and health, and `syncStatus()`. */
export const METHOD_CALLS: readonly MethodCall[] = [
  { method: 'executeQuery', needs: 'query', call: (backend) => backend.executeQuery(rawQuery(backend)) },
  {
    method: 'executeReadQuery',
    needs: 'query',
    call: (backend) => backend.executeReadQuery(rawQuery(backend)),
  },
  {
    method: 'executeWriteQuery',
    needs: 'query',
    call: (backend) => backend.executeWriteQuery(rawQuery(backend)),
  },
  { method: 'transaction', needs: 'transactions', call: (backend) => backend.transaction(async () => null) },
  { method: 'storeMemory', needs: null, call: (backend) => backend.storeMemory(NOTE) },
  { method: 'storeMemories', needs: null, call: (backend) => backend.storeMemories([NOTE]) },
  { method: 'getMemory', needs: null, call: (backend) => backend.getMemory('absent') },
  { method: 'getMemories', needs: null, call: (backend) => backend.getMemories(['absent']) },
  {
    method: 'updateMemory',
    needs: null,
    call: (backend) => backend.updateMemory({ id: 'absent', title: 'New' }),
  },
  { method: 'deleteMemory', needs: null, call: (backend) => backend.deleteMemory('absent') },
  { method: 'getMemoryHistory', needs: 'history', call: (backend) => backend.getMemoryHistory('absent') },
  { method: 'searchMemories', needs: null, call: (backend) => backend.searchMemories({ query: 'note' }) },
  {
    method: 'searchMemoriesPaginated',
    needs: null,
    call: (backend) => backend.searchMemoriesPaginated({ query: 'note' }),
  },
  { method: 'recallMemories', needs: null, call: (backend) => backend.recallMemories('note') },
  { method: 'listMemories', needs: null, call: (backend) => collect(backend.listMemories()) },
  {
    method: 'createRelationship',
    needs: null,
    call: (backend) => backend.createRelationship('absent', 'missing', 'SOLVES'),
  },
  {
    method: 'createRelationships',
    needs: null,
    call: (backend) => backend.createRelationships([RELATIONSHIP]),
  },
  { method: 'getRelationship', needs: null, call: (backend) => backend.getRelationship('absent') },
  {
    method: 'updateRelationshipProperties',
    needs: null,
    call: (backend) => backend.updateRelationshipProperties('absent', { strength: 0.5 }),
  },
  { method: 'deleteRelationship', needs: null, call: (backend) => backend.deleteRelationship('absent') },
  { method: 'getRelatedMemories', needs: null, call: (backend) => backend.getRelatedMemories('absent') },
  {
    method: 'invalidateRelationship',
    needs: 'history',
    call: (backend) => backend.invalidateRelationship('absent'),
  },
  {
    method: 'supersedeRelationship',
    needs: 'history',
    call: (backend) => backend.supersedeRelationship('absent', RELATIONSHIP),
  },
  {
    method: 'getRelationshipHistory',
    needs: 'history',
    call: (backend) => backend.getRelationshipHistory('absent'),
  },
  { method: 'whatChanged', needs: 'history', call: (backend) => backend.whatChanged(SINCE) },
  {
    method: 'searchRelationshipsByContext',
    needs: 'history',
    call: (backend) => backend.searchRelationshipsByContext({ scope: 'full' }),
  },
  { method: 'listRelationships', needs: null, call: (backend) => collect(backend.listRelationships()) },
  {
    method: 'putNodes',
    needs: null,
    call: (backend) => backend.putNodes([{ id: 'absent', label: 'Task', properties: {} }]),
  },
  { method: 'getNodes', needs: null, call: (backend) => backend.getNodes(['absent']) },
  { method: 'findNodes', needs: null, call: (backend) => backend.findNodes({ label: 'Task' }) },
  { method: 'deleteNodes', needs: null, call: (backend) => backend.deleteNodes(['absent']) },
  { method: 'setEmbeddings', needs: 'vector', call: (backend) => backend.setEmbeddings([EMBEDDING]) },
  { method: 'getEmbeddings', needs: 'vector', call: (backend) => backend.getEmbeddings(['absent'], 'model') },
  { method: 'deleteEmbeddings', needs: 'vector', call: (backend) => backend.deleteEmbeddings(['absent']) },
  { method: 'searchByVector', needs: 'vector', call: (backend) => backend.searchByVector([1, 0]) },
  {
    method: 'hybridSearch',
    needs: 'vector',
    call: (backend) => backend.hybridSearch({ text: 'note', vector: [1, 0] }),
  },
  { method: 'embedPending', needs: 'vector', call: (backend) => backend.embedPending() },
  { method: 'reembed', needs: 'vector', call: (backend) => backend.reembed() },
  { method: 'graph', needs: 'graph', call: (backend) => backend.graph() },
  {
    method: 'scoped',
    needs: 'scopes',
    call: async (backend) => backend.scoped({ projectPath: '/srv/shop' }).getMemory('absent'),
  },
  { method: 'getMemoryStatistics', needs: null, call: (backend) => backend.getMemoryStatistics() },
  { method: 'getRecentActivity', needs: null, call: (backend) => backend.getRecentActivity() },
  { method: 'changes', needs: null, call: (backend) => collect(backend.changes()) },
  { method: 'auditEntries', needs: null, call: (backend) => collect(backend.auditEntries()) },
  { method: 'sync', needs: 'sync', call: (backend) => backend.sync() },
]
