import type { Memory } from '../model/memory.js'
import type { Relationship, RelationshipInput } from '../model/relationship.js'
import type { BackendCapabilities, GraphBackend, SyncReport } from './graph-backend.js'

/** The methods of the contract that no driver can do yet: each says which capability it needs. */
export abstract class RefusingBackend {
  /** Throws what a call of a method without its capability rejects with. */
  protected abstract refuse(method: string, capability: keyof BackendCapabilities): never

  async getMemoryHistory(_id: string): Promise<Memory[]> {
    return this.refuse('getMemoryHistory', 'history')
  }

  async invalidateRelationship(_id: string, _invalidatedBy?: string | null): Promise<void> {
    return this.refuse('invalidateRelationship', 'history')
  }

  async supersedeRelationship(_id: string, _replacement: RelationshipInput): Promise<string> {
    return this.refuse('supersedeRelationship', 'history')
  }

  async getRelationshipHistory(
    _id: string,
    _options?: { readonly limit?: number | undefined },
  ): Promise<Relationship[]> {
    return this.refuse('getRelationshipHistory', 'history')
  }

  async whatChanged(
    _since: string | Date,
  ): Promise<{ new_relationships: Relationship[]; invalidated_relationships: Relationship[] }> {
    return this.refuse('whatChanged', 'history')
  }

  async searchRelationshipsByContext(_filter: {
    readonly [field: string]: unknown
  }): Promise<Relationship[]> {
    return this.refuse('searchRelationshipsByContext', 'history')
  }

  async setEmbeddings(_entries: readonly unknown[]): Promise<void> {
    return this.refuse('setEmbeddings', 'vector')
  }

  async getEmbeddings(_ids: readonly string[], _model: string): Promise<unknown[]> {
    return this.refuse('getEmbeddings', 'vector')
  }

  async deleteEmbeddings(_ids: readonly string[]): Promise<number> {
    return this.refuse('deleteEmbeddings', 'vector')
  }

  async searchByVector(_vector: readonly number[] | Float32Array, _options?: unknown): Promise<Memory[]> {
    return this.refuse('searchByVector', 'vector')
  }

  async hybridSearch(_query: unknown): Promise<Memory[]> {
    return this.refuse('hybridSearch', 'vector')
  }

  async graph(_options?: unknown): Promise<unknown> {
    return this.refuse('graph', 'graph')
  }

  scoped(_scope: unknown): GraphBackend {
    return this.refuse('scoped', 'scopes')
  }

  async sync(): Promise<SyncReport> {
    return this.refuse('sync', 'sync')
  }
}
