import fc from 'fast-check'
import { expect, it } from 'vitest'
import { InMemoryBackend } from '../../src/backends/in-memory/in-memory-backend.js'
import { TursoBackend } from '../../src/backends/turso/turso-backend.js'
import type { GraphBackend, HybridQuery, Memory } from '../../src/index.js'

const IDS = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']
const WORDS = [
  'zebra',
  'zebras',
  'okapi',
  'buy',
  'bought',
  'the',
  'café',
  'k8s',
  'kubernetes',
  '索引を',
  '50%',
]

const id = fc.constantFrom(...IDS)
const words = fc
  .array(fc.constantFrom(...WORDS), { minLength: 1, maxLength: 5 })
  .map((list) => list.join(' '))
const tenant = fc.constantFrom('one', 'two')
const memory = fc.record({
  id,
  type: fc.constantFrom('general', 'problem'),
  title: words,
  content: words,
  summary: fc.option(words),
  tags: fc.array(fc.constantFrom('zebra', 'food'), { maxLength: 2 }),
  importance: fc.constantFrom(0.2, 0.8),
  created_at: fc.integer({ min: 0, max: 3 }).map((second) => `2026-01-01T00:00:0${second}Z`),
  context: fc.record({ tenant_id: tenant, session_id: fc.option(fc.constantFrom('s', 't'), { freq: 2 }) }),
})

/** Not 1, by which two that are joined rank the same but for rounding. */
const strength = fc.constantFrom(0, 0.3, 0.9)

type Act = (backend: GraphBackend) => Promise<unknown>

const act: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 4,
    arbitrary: memory.map(
      (given): Act =>
        (backend) =>
          backend.storeMemory(given),
    ),
  },
  {
    weight: 4,
    arbitrary: fc
      .tuple(id, id, strength)
      .filter(([from, to]) => from !== to)
      .map(
        ([from, to, strength]): Act =>
          (backend) =>
            backend.createRelationship(from, to, 'RELATED_TO', { strength }),
      ),
  },
  {
    weight: 2,
    arbitrary: id.map(
      (id): Act =>
        (backend) =>
          backend.setEmbeddings([{ id, model: 'm', vector: [1, IDS.indexOf(id)] }]),
    ),
  },
)

const filter = { memory_types: ['problem'] }
const question = fc.record({
  text: fc.oneof(
    words,
    words.map((text) => `"${text}"`),
  ),
  vector: fc.option(fc.constant([1, 0.3])),
  expand: fc.boolean(),
  filter: fc.option(fc.constant(filter)),
  diversity: fc.constantFrom(0, 0.5),
  view: fc.option(tenant),
})
type Question = typeof question extends fc.Arbitrary<infer One> ? One : never

async function answersOf(backend: GraphBackend, asked: Question): Promise<Memory[][]> {
  const { view, filter: given, vector, text, expand, diversity } = asked
  const on = view === null ? backend : backend.scoped({ tenantId: view })
  const query: HybridQuery = { text, vector, expand, diversity, filter: given, k: 50 }
  return [
    await on.recallMemories(text, { expand, diversity, memoryTypes: given?.memory_types }),
    await on.hybridSearch(query),
  ]
}

/** Enough that not all of what is found lends to what stands close to it; few enough that all of it is looked at. */
const CROWD = Array.from({ length: 40 }, (_, at) => ({
  id: `crowd-${at}`,
  type: 'general',
  title: `${WORDS[at % 3]} ${'filler '.repeat(at % 4)}`,
  content: `${'filler '.repeat((at * 13) % 29)} ${`${WORDS[at % 8]} `.repeat(at % 5)} end`,
  created_at: `2026-01-01T00:00:${at + 10}Z`,
  context: { tenant_id: 'one', session_id: 's' },
}))

/** What two backends agree on: where scores are equal, the order and the way are not promised. */
function comparable(memories: readonly Memory[]): unknown {
  return memories
    .map(({ id, match_info: info }) => ({
      id,
      score: info?.score?.toFixed(6),
      fields: info?.matched_fields,
      terms: info?.matched_terms,
      isFoundByText: info?.ranks?.text !== undefined,
    }))
    .sort((one, other) => (one.id < other.id ? -1 : 1))
}

it('Two backends given the same memories answer questions the same', { timeout: 60_000 }, async () => {
  let found = 0
  const rounds = fc.array(fc.tuple(fc.array(act, { minLength: 1, maxLength: 12 }), question), {
    minLength: 2,
    maxLength: 4,
  })
  const property = fc.asyncProperty(rounds, async (rounds) => {
    const synonyms = { k8s: ['kubernetes'] }
    await using turso = await TursoBackend.create({ path: ':memory:', synonyms })
    await using inMemory = await InMemoryBackend.create({ synonyms })
    for (const backend of [turso, inMemory]) {
      const others = IDS.map((id) => ({ id, type: 'general', title: id, content: 'plain' }))
      await backend.storeMemories([...CROWD, ...others])
    }
    for (const [acts, asked] of rounds) {
      for (const act of acts) for (const backend of [turso, inMemory]) await act(backend)
      const [ofTurso, ofMemory] = [await answersOf(turso, asked), await answersOf(inMemory, asked)]
      expect(ofTurso.map(comparable), JSON.stringify(asked)).toEqual(ofMemory.map(comparable))
      found += ofTurso.flat().length
    }
  })
  await fc.assert(property, { numRuns: 60, interruptAfterTimeLimit: 20_000, markInterruptAsFailure: false })
  expect(found).toBeGreaterThan(500)
})
