import fc from 'fast-check'
import { expect, it } from 'vitest'
import { InMemoryBackend } from '../../src/backends/in-memory/in-memory-backend.js'
import { type GraphBackend, MemoryError, TursoBackend, type VectorHit } from '../../src/index.js'

/** One of them computes with 32 bits. */
const TOLERANCE = 1e-5
const IDS = ['a', 'b', 'c', 'd', 'e', 'f']

const id = fc.constantFrom(...IDS)
const model = fc.constantFrom('m', 'n')
const type = fc.constantFrom('general', 'problem')
const tenant = fc.constantFrom('one', 'two')

function list<Item>(item: fc.Arbitrary<Item>, least: number, most: number): fc.Arbitrary<Item[]> {
  return fc.array(item, { minLength: least, maxLength: most })
}

/** Of few components and values, so that many are equal or opposite, and some are zero, or of another number of components. */
const vector = fc.oneof(
  { weight: 15, arbitrary: list(fc.integer({ min: -2, max: 2 }), 3, 3) },
  { weight: 4, arbitrary: list(fc.double({ noNaN: true, min: -1e9, max: 1e9 }), 3, 3) },
  { weight: 1, arbitrary: list(fc.integer({ min: -2, max: 2 }), 1, 4) },
)
const entries = list(fc.record({ id, model, vector }), 1, 2)

type Act = (backend: GraphBackend) => Promise<unknown>

const store = fc.record({ id, type, tenant }).map(
  ({ id, type, tenant }): Act =>
    (backend) =>
      backend.storeMemory({ id, type, title: id, content: id, context: { tenant_id: tenant } }),
)
const remove = id.map(
  (id): Act =>
    (backend) =>
      backend.deleteMemory(id),
)
const set = entries.map(
  (entries): Act =>
    (backend) =>
      backend.setEmbeddings(entries),
)
const forget = fc.tuple(id, fc.option(model)).map(
  ([id, model]): Act =>
    (backend) =>
      backend.deleteEmbeddings([id], { model }),
)
const act = fc.oneof(
  { weight: 6, arbitrary: set },
  { weight: 2, arbitrary: store },
  { weight: 1, arbitrary: remove },
  { weight: 1, arbitrary: forget },
)

const filter = fc.oneof(fc.record({ memory_types: fc.array(type) }), fc.constant({ label: null }))
const search = fc.record({
  vector,
  view: fc.option(tenant, { freq: 2 }),
  options: fc.record({
    k: fc.integer({ min: 1, max: 4 }),
    model: fc.option(model, { freq: 9 }),
    filter: fc.option(filter, { freq: 2 }),
    minScore: fc.option(fc.constantFrom(-0.3137, 0.3137), { freq: 2 }),
  }),
})

/** What it resolves to, or the code it rejects with. */
async function outcomeOf<Result>(action: () => Promise<Result>): Promise<Result | string> {
  try {
    return await action()
  } catch (error) {
    if (MemoryError.is(error)) return error.code
    throw error
  }
}

/** Asserts that hits are the nearest of all there are, which may be any of those that are equally near. */
function expectNearest(hits: readonly VectorHit[], all: readonly VectorHit[], k: number): void {
  const scores = new Map(all.map(({ id, score }) => [id, score]))
  expect(hits.length).toBe(Math.min(k, all.length))
  expect(new Set(hits.map(({ id }) => id)).size).toBe(hits.length)
  for (const [at, { id, score }] of hits.entries()) {
    expect(Math.abs(score - (all[at]?.score ?? Number.NaN))).toBeLessThan(TOLERANCE)
    expect(Math.abs(score - (scores.get(id) ?? Number.NaN))).toBeLessThan(TOLERANCE)
  }
}

it.each(['exact', 'quantized'] as const)(
  'Two backends given the same vectors find the same, one of them by the strategy %s',
  async (strategy) => {
    let found = 0
    const rounds = list(fc.tuple(list(act, 1, 8), search), 3, 6)
    const property = fc.asyncProperty(rounds, async (rounds) => {
      await using turso = await TursoBackend.create({ path: ':memory:', vectorStrategy: strategy })
      await using memory = await InMemoryBackend.create()
      for (const backend of [turso, memory]) {
        const context = { tenant_id: 'one' }
        await backend.storeMemories(
          IDS.map((id) => ({ id, type: 'general', title: id, content: id, context })),
        )
        await backend.setEmbeddings(IDS.map((id, at) => ({ id, model: 'm', vector: [1, at, -at] })))
      }
      for (const [acts, { vector, view, options }] of rounds) {
        for (const act of acts) {
          const expected = await outcomeOf(() => act(memory))
          expect(await outcomeOf(() => act(turso))).toEqual(expected)
        }
        const look = (backend: GraphBackend, k: number): Promise<VectorHit[] | string> => {
          const on = view === null ? backend : backend.scoped({ tenantId: view })
          return outcomeOf(() => on.searchByVector(vector, { ...options, k }))
        }
        const all = await look(memory, 1000)
        const [ofTurso, ofMemory] = [await look(turso, options.k), await look(memory, options.k)]
        if (typeof all === 'string') expect([ofTurso, ofMemory]).toEqual([all, all])
        else for (const hits of [ofTurso, ofMemory]) expectNearest(hits as VectorHit[], all, options.k)
        found += all.length > 0 && typeof all !== 'string' ? 1 : 0
      }
      expect(await turso.getEmbeddings(IDS)).toEqual(await memory.getEmbeddings(IDS))
    })
    await fc.assert(property, { numRuns: 60, interruptAfterTimeLimit: 20_000, markInterruptAsFailure: false })
    expect(found).toBeGreaterThan(60)
  },
)
