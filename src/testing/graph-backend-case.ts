import type { GraphBackend } from '../backends/graph-backend.js'
import type { Synonyms } from '../search/synonyms.js'
import { rejectsWith } from './assertions.js'

/** What the kit may ask of a backend that keeps records of its operations, and knows synonyms. */
export type RecordOptions = {
  readonly auditLog?: { readonly actor: string }
  readonly trackUsage?: boolean
  readonly synonyms?: Synonyms
}

/** A backend on a new, empty store, and how to get rid of the store. */
export type CreatedBackend = {
  /** Connected, its schema ready. */
  readonly backend: GraphBackend
  /** Removes the store; called when all backends of the case are disconnected, also when it failed. */
  readonly dispose?: (() => Promise<void>) | undefined
  /**
   * A backend on another new store that has never been connected. With it the kit also tests every method in the state
   * before `connect()`, not only in the state after `disconnect()`.
   */
  readonly unconnected?: GraphBackend | undefined
  /**
   * Makes another backend, connected, on the same store, where a process may have two. With it the kit also tests that they
   * take turns. The kit disconnects it.
   */
  readonly sameStore?: (() => Promise<GraphBackend>) | undefined
  /**
   * Makes another backend with these options, connected, on the same store or on another empty one, for backends that have such
   * options. With it the kit also tests what they do. The kit disconnects it.
   */
  readonly withOptions?: ((options: RecordOptions) => Promise<GraphBackend>) | undefined
}

/** Makes a backend on a new, empty store: called afresh for every case. */
export type CreateBackend = () => Promise<CreatedBackend | GraphBackend>

/** What a case may ask for besides its backend. All of it is disposed of with the case. */
export type OtherBackends = {
  /** A backend on another new store. */
  readonly another: () => Promise<GraphBackend>
  /** A backend that has never been connected, where `create()` gives one. */
  readonly unconnected: GraphBackend | null
  /** Another backend on the same store as that of the case, where `create()` can make one. */
  readonly sameStore: (() => Promise<GraphBackend>) | null
  /** A backend with these options, on an empty store that may be that of the case, where `create()` can make one. */
  readonly withOptions: ((options: RecordOptions) => Promise<GraphBackend>) | null
}

/** One thing that every backend must do. */
export type GraphBackendCase = {
  /** The part of the contract it belongs to. */
  readonly group: string
  /** A sentence that names the method. */
  readonly name: string
  /** Resolves when the backend, whose store is empty, does it; else rejects with an `AssertionError`. */
  readonly run: (backend: GraphBackend, others: OtherBackends) => Promise<void>
}

type CaseBodies = { readonly [name: string]: GraphBackendCase['run'] }

/** Cases of one group, by their names. */
export function casesOf(group: string, bodies: CaseBodies): readonly GraphBackendCase[] {
  return Object.entries(bodies).map(([name, run]) => ({ group, name, run }))
}

/** Cases of one group for backends that keep history; of others each of them demands that they refuse. */
export function historyCases(group: string, bodies: CaseBodies): readonly GraphBackendCase[] {
  return casesNeeding('history', group, bodies, (backend) => backend.getMemoryHistory('absent'))
}

/** Cases of one group for backends that make views of scopes; of others each of them demands that they refuse. */
export function scopeCasesOf(group: string, bodies: CaseBodies): readonly GraphBackendCase[] {
  return casesNeeding('scopes', group, bodies, async (backend) => backend.scoped({ tenantId: 'a' }))
}

/** Cases of one group for backends that keep vectors; of others each of them demands that they refuse. */
export function vectorCasesOf(group: string, bodies: CaseBodies): readonly GraphBackendCase[] {
  return casesNeeding('vector', group, bodies, (backend) => backend.setEmbeddings([]))
}

/** Cases of one group for backends whose graph can be walked and measured; of others each of them demands that they refuse. */
export function graphCasesOf(group: string, bodies: CaseBodies): readonly GraphBackendCase[] {
  return casesNeeding('graph', group, bodies, (backend) => backend.graph())
}

function casesNeeding(
  capability: 'graph' | 'history' | 'scopes' | 'vector',
  group: string,
  bodies: CaseBodies,
  refused: (backend: GraphBackend) => Promise<unknown>,
): readonly GraphBackendCase[] {
  return casesOf(group, bodies).map((testCase) => ({
    ...testCase,
    run: async (backend, others) => {
      if (backend.capabilities[capability]) return testCase.run(backend, others)
      await rejectsWith('MG_NOT_SUPPORTED', () => refused(backend))
    },
  }))
}

/** Runs one case on a new backend and disposes of it, whatever comes of it. */
export async function runGraphBackendCase(testCase: GraphBackendCase, create: CreateBackend): Promise<void> {
  const opened: CreatedBackend[] = []
  const open = async (): Promise<CreatedBackend> => {
    const created = await create()
    const complete = 'backend' in created ? created : { backend: created }
    opened.push(complete)
    return complete
  }
  const failures: unknown[] = []
  try {
    const { backend, unconnected = null, sameStore, withOptions } = await open()
    const second = async (make: () => Promise<GraphBackend>): Promise<GraphBackend> => {
      const other = await make()
      opened.push({ backend: other })
      return other
    }
    await testCase.run(backend, {
      another: async () => (await open()).backend,
      unconnected,
      sameStore: sameStore ? () => second(sameStore) : null,
      withOptions: withOptions ? (options) => second(() => withOptions(options)) : null,
    })
  } catch (error) {
    failures.push(error)
  }
  // No store goes while a backend is still on it.
  const backends = opened.flatMap(({ backend, unconnected }) => [backend, unconnected])
  for (const close of [
    ...backends.map((backend) => () => backend?.disconnect()),
    ...opened.map(({ dispose }) => dispose),
  ]) {
    try {
      await close?.()
    } catch (error) {
      failures.push(error)
    }
  }
  if (failures.length > 1)
    throw new AggregateError(failures, `${failures[0]} (and its store could not be disposed of)`)
  if (failures.length > 0) throw failures[0]
}
