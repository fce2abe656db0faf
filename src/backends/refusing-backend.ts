import type { Memory } from '../model/memory.js'
import type { BackendCapabilities, SyncReport } from './graph-backend.js'

/** The methods of the contract that no driver can do yet: each says which capability it needs. */
export abstract class RefusingBackend {
  /** Throws what a call of a method without its capability rejects with. */
  protected abstract refuse(method: string, capability: keyof BackendCapabilities): never

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

  async sync(): Promise<SyncReport> {
    return this.refuse('sync', 'sync')
  }
}
