/** Where a database file is, and its key. */
export type KeyedFile = { readonly path: string; readonly encryptionKey: string | undefined }

/** How many rows a state of the graph has, and how far its change feed has come. */
export type GraphCounts = {
  readonly nodes: number
  readonly relationships: number
  readonly memories: number
  readonly position: number
  readonly schemaVersion: number
}

/** What the thread is asked. A file called `open` is one that the process has open already. */
export type MaintenanceTask =
  /** Copies the pages of an open file into an empty one, as they are at one moment. */
  | { readonly kind: 'copy'; readonly open: KeyedFile; readonly target: KeyedFile }
  /** Gives a copy that nobody uses a history of its own, if wanted, and looks for anything wrong in it. */
  | { readonly kind: 'verify'; readonly target: KeyedFile; readonly newHistory: boolean }
  /** Has the engine check an open file, and tells all it says. */
  | { readonly kind: 'inspect'; readonly open: KeyedFile }
  /** Runs a statement on an open file. */
  | { readonly kind: 'execute'; readonly open: KeyedFile; readonly sql: string }

/** What it finds. */
export type MaintenanceResult = {
  readonly copy: GraphCounts
  readonly verify: GraphCounts & { readonly faults: readonly string[] }
  readonly inspect: readonly string[]
  readonly execute: null
}

/** What the thread says. */
export type MaintenanceMessage =
  | { readonly kind: 'progress'; readonly done: number; readonly total: number }
  | { readonly kind: 'done'; readonly result: unknown }
  | { readonly kind: 'stopped' }
  /** `syscall` is there when the system refused something, rather than the engine. */
  | {
      readonly kind: 'failed'
      readonly message: string
      readonly code: string
      readonly syscall: string | undefined
    }
