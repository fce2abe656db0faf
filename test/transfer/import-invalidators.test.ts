import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { GraphBackend } from '../../src/backends/graph-backend.js'
import {
  type Entry,
  everything,
  exported,
  importDocument,
  link,
  memory,
  nothing,
  stores,
} from './export-samples.js'

const memories = [memory('a'), memory('b')]

function replaced(id: string, by: string, more: Entry = {}): Entry {
  return link('a', 'b', { id, properties: { invalidated_by: by, ...more } })
}

describe.each(stores)('importDocument() of relationships that were invalidated, into %s', (_name, create) => {
  let backend: GraphBackend

  beforeEach(async () => {
    backend = await create()
  })

  afterEach(async () => {
    await backend.disconnect()
  })

  it.each([
    ['before', (list: Entry[]) => list],
    ['after', (list: Entry[]) => list.reverse()],
  ])('takes a chain listed %s what invalidates it, and again without any change', async (_where, arrange) => {
    const chain = [
      replaced('r1', 'r2'),
      link('b', 'a', { type: 'CAUSES' }),
      replaced('r2', 'r3'),
      link('b', 'a', { id: 'r3' }),
    ]
    const document = exported(memories, arrange(chain))
    expect(await importDocument(backend, document, { dryRun: true })).toMatchObject({
      imported_relationships: 4,
      refused: [],
    })
    expect(await importDocument(backend, document)).toEqual({
      ...nothing,
      imported_memories: 2,
      imported_relationships: 4,
    })
    expect(await backend.getRelationship('r1')).toMatchObject({ properties: { invalidated_by: 'r2' } })
    const before = await everything(backend)
    expect(await importDocument(backend, document)).toEqual({
      ...nothing,
      unchanged_memories: 2,
      skipped_relationships: 4,
    })
    expect(await everything(backend)).toEqual(before)
  })

  it('takes them in any batch', async () => {
    const count = 2_500
    const replacing = Array.from({ length: count }, (_, at) => replaced(`old${at}`, `new${at}`))
    const replacements = Array.from({ length: count }, (_, at) => link('a', 'b', { id: `new${at}` }))
    const document = exported(memories, [...replacing, ...replacements.reverse()])
    expect(await importDocument(backend, document)).toMatchObject({
      imported_relationships: 2 * count,
      refused: [],
    })
    expect(await importDocument(backend, document)).toMatchObject({
      imported_relationships: 0,
      skipped_relationships: 2 * count,
      refused: [],
    })
  })

  it('takes one that was invalidated by a stored one', async () => {
    await importDocument(backend, exported([...memories, memory('c')]))
    const stored = await backend.createRelationship('c', 'a', 'RELATED_TO')
    expect(await importDocument(backend, exported([], [replaced('r1', stored)]))).toMatchObject({
      imported_relationships: 1,
      refused: [],
    })
  })

  it('refuses a circle and what hangs on it, with the same reason each time, and stores the others', async () => {
    const relationships = [
      replaced('tail', 'r1'),
      replaced('r1', 'r2'),
      replaced('r2', 'r3'),
      replaced('r3', 'r1'),
      replaced('self', 'self'),
      replaced('lost', 'nowhere'),
      link('a', 'b', { id: 'good' }),
    ]
    const document = exported(memories, relationships)
    const dry = await importDocument(backend, document, { dryRun: true })
    const first = await importDocument(backend, document)
    expect(dry).toEqual(first)
    expect(first).toMatchObject({ imported_memories: 2, imported_relationships: 1 })
    expect(first.refused.map(({ id }) => id)).toEqual(['tail', 'r1', 'r2', 'r3', 'self', 'lost'])
    const [tail, ...reasons] = first.refused.map(({ reason }) => reason)
    expect(tail).toContain('"r1"')
    for (const reason of reasons.slice(0, 4)) expect(reason).toContain('neither can come first')
    expect(reasons[4]).toContain('"nowhere"')
    const before = await everything(backend)
    expect(await importDocument(backend, document)).toEqual({
      ...first,
      imported_memories: 0,
      unchanged_memories: 2,
      imported_relationships: 0,
      skipped_relationships: 1,
    })
    expect(await everything(backend)).toEqual(before)
  })

  it('closes no circle with what is stored already', async () => {
    await importDocument(backend, exported(memories, [link('a', 'b', { id: 'r1' })]))
    const circle = [replaced('r1', 'r2'), replaced('r2', 'r1')]
    const report = await importDocument(backend, exported([], circle))
    expect(report).toMatchObject({ imported_relationships: 1, refused: [{ id: 'r1' }] })
    const before = await everything(backend)
    expect(await importDocument(backend, exported([], circle))).toMatchObject({
      skipped_relationships: 1,
      refused: [{ id: 'r1' }],
    })
    expect(await everything(backend)).toEqual(before)
  })

  it('refuses one whose invalidator is refused', async () => {
    const relationships = [
      replaced('r1', 'r2'),
      link('a', 'b', { id: 'r2', type: 'KNOWS' }),
      replaced('r3', 'r4'),
      link('a', 'nowhere', { id: 'r4' }),
    ]
    const { refused } = await importDocument(backend, exported(memories, relationships))
    expect(refused.map(({ index }) => index)).toEqual([0, 1, 2, 3])
    expect(refused[0]?.reason).toContain('"r2"')
  })
})
