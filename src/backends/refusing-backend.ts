import type { BackendCapabilities, SyncReport } from './graph-backend.js'

/** The methods of the contract that no driver can do yet: each says which capability it needs. */
export abstract class RefusingBackend {
  /** Throws what a call of a method without its capability rejects with. */
  protected abstract refuse(method: string, capability: keyof BackendCapabilities): never

  async sync(): Promise<SyncReport> {
    return this.refuse('sync', 'sync')
  }
}
