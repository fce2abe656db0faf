import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { GraphWriter } from '../../src/backends/graph-driver.js'
import { InMemoryDriver } from '../../src/backends/in-memory/in-memory-driver.js'
import { criteria, memoryRow, nodeRow, relationshipRow } from './rows.js'

const IDS = ['a', 'b', 'c', 'd']
const RELATIONSHIP_IDS = ['r', 's', 't']
const WORDS = ['red', 'green', 'blue']

type Step = (writer: GraphWriter) => Promise<unknown>

const id = fc.constantFrom(...IDS)
const relationshipId = fc.constantFrom(...RELATIONSHIP_IDS)
const words = fc.array(fc.constantFrom(...WORDS), { maxLength: 3 }).map((list) => list.join(' '))

const putMemory = fc
  .record({ id, title: words, content: words, importance: fc.constantFrom(0.25, 0.75) })
  .map(
    ({ id, ...properties }): Step =>
      (writer) =>
        writer.putNodes([memoryRow(id, properties)]),
  )
const putOther = fc.tuple(id, fc.constantFrom('Task', 'Memory'), fc.constantFrom('{}', '{', '{"x": 1}')).map(
  ([id, label, properties]): Step =>
    (writer) =>
      writer.putNodes([{ ...nodeRow(id, label, {}), properties }]),
)
const deleteNodes = fc.array(id, { maxLength: 2 }).map(
  (ids): Step =>
    (writer) =>
      writer.deleteNodes(ids),
)
const putRelationship = fc
  .tuple(relationshipId, id, id, fc.option(relationshipId), fc.constantFrom(0.1, 0.9))
  .map(([id, from, to, invalidatedBy, strength]): Step => {
    const row = relationshipRow(id, from, to, { invalidated_by: invalidatedBy, strength })
    return async (writer) => {
      const [before] = await writer.getRelationships([id])
      const put = before ? writer.updateRelationship(before, row) : writer.insertRelationships([row])
      await put.catch(() => undefined)
    }
  })
const deleteRelationships = fc.array(relationshipId, { maxLength: 2 }).map(
  (ids): Step =>
    (writer) =>
      writer.deleteRelationships(ids),
)

const putEmbedding = fc.tuple(id, fc.constantFrom('m', 'n'), fc.integer({ min: 1, max: 3 })).map(
  ([id, model, component]): Step =>
    async (writer) => {
      if ((await writer.getNodes([id])).length === 0) return
      const vector = Float32Array.of(component, 1)
      await writer.putEmbeddings([{ id, model, vector, version: null, digest: null }])
    },
)
const deleteEmbeddings = fc.tuple(id, fc.option(fc.constantFrom('m', 'n'))).map(
  ([id, model]): Step =>
    (writer) =>
      writer.deleteEmbeddings([id], model),
)

const steps = fc.array(
  fc.oneof(
    putMemory,
    putOther,
    deleteNodes,
    putRelationship,
    deleteRelationships,
    putEmbedding,
    deleteEmbeddings,
  ),
  { maxLength: 14 },
)

it('leaves no trace of work that fails', async () => {
  const check = fc.asyncProperty(steps, steps, steps, async (before, undone, after) => {
    const driver = new InMemoryDriver()
    const other = new InMemoryDriver()
    for (const each of [driver, other]) await each.write((writer) => run(writer, before))
    const failing = driver.write(async (writer) => {
      await run(writer, undone)
      throw new Error('undo')
    })
    await expect(failing).rejects.toThrow('undo')
    expect(await everything(driver)).toEqual(await everything(other))
    for (const each of [driver, other]) await each.write((writer) => run(writer, after))
    expect(await everything(driver)).toEqual(await everything(other))
  })
  await fc.assert(check, { numRuns: 150 })
})

it('leaves no trace of a part that fails, and keeps the rest', async () => {
  const check = fc.asyncProperty(steps, steps, steps, async (before, undone, after) => {
    const driver = new InMemoryDriver()
    const other = new InMemoryDriver()
    await driver.write(async (writer) => {
      await run(writer, before)
      const failing = writer.atomically(async () => {
        await writer.atomically(() => run(writer, before))
        await run(writer, undone)
        throw new Error('undo')
      })
      await expect(failing).rejects.toThrow('undo')
      await writer.atomically(() => run(writer, after))
    })
    await other.write(async (writer) => {
      await run(writer, before)
      await run(writer, after)
    })
    expect(await everything(driver)).toEqual(await everything(other))
  })
  await fc.assert(check, { numRuns: 100 })
})

async function run(writer: GraphWriter, work: readonly Step[]): Promise<void> {
  for (const step of work) await step(writer)
}

async function everything(driver: InMemoryDriver): Promise<unknown> {
  const { reader } = driver
  const hits = WORDS.flatMap((text) =>
    (['words', 'substring'] as const).map(async (match) => {
      const wanted = criteria({ text: { terms: [{ text, match }], mode: 'any' } })
      return (
        await reader.findMemories({ criteria: wanted, order: 'id', limit: 99, offset: 0, afterId: null })
      ).map((row) => row.id)
    }),
  )
  const direction = 'both'
  const neighbours = await reader.getNeighbours(IDS, { direction, types: [], currentOnly: false })
  return {
    nodes: await Promise.all(
      ['Task', 'Memory'].map((label) =>
        reader.findNodes({ label, where: [], orderBy: null, limit: 99, after: null }),
      ),
    ),
    relationships: await reader.findRelationships({
      types: [],
      touching: null,
      currentOnly: false,
      afterId: null,
      limit: 99,
    }),
    neighbours: neighbours.map((row) => JSON.stringify(row)).sort(),
    embeddings: await reader.getEmbeddings(IDS, null),
    models: await reader.getEmbeddingModels([]),
    statistics: await reader.getStatistics([]),
    changes: await reader.getChanges(0, 999),
    hits: await Promise.all(hits),
    health: await driver.health(),
  }
}
