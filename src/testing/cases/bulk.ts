import assert from 'node:assert/strict'
import type { Progress } from '../../backends/graph-backend.js'
import type { RelationshipInput } from '../../model/relationship.js'
import { collect, countMemories, failureOf, idsOf, rejectsWith } from '../assertions.js'
import { casesOf, type GraphBackendCase } from '../graph-backend-case.js'
import { note, storeNotes } from '../samples.js'

const MANY = 2000
const many = Array.from({ length: MANY }, (_, at) => note(`note-${at}`))

/** A memory as it is stored. */
function flat(id: string): { [property: string]: unknown } {
  const at = '2026-01-01T00:00:00.000000+00:00'
  return { ...note(id), tags: [], importance: 0.5, confidence: 0.8, created_at: at, updated_at: at }
}

/** The bulk methods, with enough entries to tell progress. */
const BULK = [
  { method: 'storeMemories', entries: many },
  { method: 'putNodes', entries: many.map(({ id }) => ({ id, label: 'Memory', properties: flat(id) })) },
] as const

/** Many at once: all or none, in the order given. */
export const bulkCases: readonly GraphBackendCase[] = [
  ...BULK.flatMap(({ method, entries }) =>
    casesOf('bulk', {
      [`${method}() calls onProgress, at the end with done equal to total`]: async (backend) => {
        const seen: Progress[] = []
        await backend[method](entries as never, { onProgress: (progress) => seen.push({ ...progress }) })
        for (const [at, progress] of seen.entries()) {
          assert.ok(progress.done >= (seen[at - 1]?.done ?? 0), 'done does not fall')
          assert.equal(typeof progress.phase, 'string')
        }
        const last = seen.at(-1)
        assert.deepEqual([last?.done, last?.total], [MANY, MANY])
        assert.equal(await countMemories(backend), MANY)
      },

      [`${method}() stores nothing when onProgress throws`]: async (backend) => {
        const fault = new Error('thrown by onProgress')
        const error = await failureOf(() =>
          backend[method](entries as never, {
            onProgress: () => {
              throw fault
            },
          }),
        )
        assert.ok(error === fault || (error as Error).cause === fault, String(error))
        assert.equal(await countMemories(backend), 0)
        await storeNotes(backend, 'after')
      },

      [`${method}() stores nothing when it was aborted before it began`]: async (backend) => {
        const options = { signal: AbortSignal.abort() }
        await rejectsWith('MG_ABORTED', () => backend[method](entries.slice(0, 3) as never, options))
        assert.equal(await countMemories(backend), 0)
      },

      [`${method}() stores nothing when it is aborted under way`]: async (backend) => {
        const controller = new AbortController()
        let abortedAt = MANY
        const onProgress = ({ done }: Progress): void => {
          abortedAt = Math.min(abortedAt, done)
          controller.abort()
        }
        const error = await failureOf(() =>
          backend[method](entries as never, { signal: controller.signal, onProgress }),
        )
        if (abortedAt < MANY) {
          assert.equal((error as { code?: unknown } | undefined)?.code, 'MG_ABORTED')
          assert.equal(await countMemories(backend), 0)
        } else assert.equal(await countMemories(backend), error ? 0 : MANY)
        await storeNotes(backend, 'after')
        assert.equal((await backend.getMemory('after'))?.id, 'after')
      },
    }),
  ),
  ...casesOf('bulk', {
    'storeMemories() returns ids in the order given, also of memories without one': async (backend) => {
      const { id: _, ...unnamed } = note('x')
      const ids = await backend.storeMemories([
        note('c'),
        { ...unnamed, title: 'Unnamed' },
        note('a'),
        note('b'),
      ])
      assert.deepEqual([ids[0], ids[2], ids[3]], ['c', 'a', 'b'])
      assert.equal((await backend.getMemory(ids[1] ?? ''))?.title, 'Unnamed')
    },

    'storeMemories() of none resolves to none': async (backend) => {
      assert.deepEqual(await backend.storeMemories([]), [])
      assert.deepEqual(await backend.createRelationships([]), [])
      assert.deepEqual(await backend.putNodes([]), [])
      assert.equal(await backend.deleteNodes([]), 0)
    },

    'storeMemories(), createRelationships() and putNodes() of none call onProgress once': async (backend) => {
      for (const method of ['storeMemories', 'createRelationships', 'putNodes'] as const) {
        const seen: (number | null)[][] = []
        const onProgress = ({ done, total }: Progress): number => seen.push([done, total])
        assert.deepEqual(await backend[method]([], { onProgress }), [])
        assert.deepEqual(seen, [[0, 0]], method)
      }
    },

    'storeMemories() of the same id twice counts the later one': async (backend) => {
      const twice = [note('a', { title: 'First' }), note('b'), note('a', { title: 'Second' })]
      assert.deepEqual(await backend.storeMemories(twice), ['a', 'b', 'a'])
      assert.equal((await backend.getMemory('a'))?.title, 'Second')
      assert.deepEqual(await backend.searchMemories({ query: 'first' }), [])
      assert.equal(await countMemories(backend), 2)
    },

    'storeMemories() leaves stored memories as they are when one entry is refused': async (backend) => {
      await storeNotes(backend, 'stored')
      const bad = { ...note('bad'), importance: 7 }
      await rejectsWith('MG_VALIDATION', () =>
        backend.storeMemories([note('stored', { title: 'New' }), bad, note('c')]),
      )
      assert.equal((await backend.getMemory('stored'))?.title, 'Note stored')
      assert.equal(await countMemories(backend), 1)
      assert.deepEqual(await backend.searchMemories({ query: 'new' }), [])
    },

    'createRelationships() returns ids in the order given': async (backend) => {
      await storeNotes(backend, 'a', 'b')
      const ends = { from_memory_id: 'a', to_memory_id: 'b' }
      const ids = await backend.createRelationships([
        { ...ends, id: 'z', type: 'SOLVES' },
        { ...ends, type: 'CAUSES' },
        { ...ends, id: 'y', type: 'BLOCKS' },
      ])
      assert.deepEqual([ids[0], ids[2]], ['z', 'y'])
      assert.equal((await backend.getRelationship(ids[1] ?? ''))?.type, 'CAUSES')
    },

    'createRelationships() takes invalidated_by that names another of the same call, in any order': async (
      backend,
    ) => {
      await storeNotes(backend, 'a', 'b')
      const ends = { from_memory_id: 'a', to_memory_id: 'b', type: 'SOLVES' }
      const named = (id: string, invalidated_by: string | null): RelationshipInput => ({
        ...ends,
        id,
        properties: { invalidated_by },
      })
      const chain = Array.from({ length: 300 }, (_, at) => named(`chain-${at}`, `chain-${at + 1}`))
      const all = [
        named('first', 'last'),
        named('second', 'first'),
        ...chain,
        named('chain-300', 'last'),
        named('last', null),
        named('also', 'chain-7'),
      ]
      assert.deepEqual(await backend.createRelationships(all), idsOf(all as { id: string }[]))
      const stored = await collect(backend.listRelationships({ includeInvalidated: true }))
      assert.equal(stored.length, all.length)
      for (const { id, properties } of all) {
        const found = stored.find((relationship) => relationship.id === id)
        assert.equal(found?.properties.invalidated_by, properties?.invalidated_by, String(id))
      }
    },

    'createRelationships() refuses relationships that were invalidated by each other': async (backend) => {
      await storeNotes(backend, 'a', 'b')
      const ends = { from_memory_id: 'a', to_memory_id: 'b', type: 'SOLVES' }
      const circles = [['x'], ['x', 'y'], ['x', 'y', 'z']]
      for (const ids of circles) {
        const circle = ids.map((id, at) => ({
          ...ends,
          id,
          properties: { invalidated_by: ids[(at + 1) % ids.length] },
        }))
        const entry = { ...ends, id: 'entry', properties: { invalidated_by: 'x' } }
        await rejectsWith('MG_RELATIONSHIP', () => backend.createRelationships(circle), ids.join())
        await rejectsWith(
          'MG_RELATIONSHIP',
          () => backend.createRelationships([entry, ...circle]),
          ids.join(),
        )
      }
      assert.deepEqual(await collect(backend.listRelationships({ includeInvalidated: true })), [])
    },

    'createRelationships() creates none when one is refused': async (backend) => {
      await storeNotes(backend, 'a', 'b')
      const good = { from_memory_id: 'a', to_memory_id: 'b', type: 'SOLVES' }
      await rejectsWith('MG_RELATIONSHIP', () =>
        backend.createRelationships([good, { ...good, to_memory_id: 'gone' }]),
      )
      await rejectsWith('MG_VALIDATION', () =>
        backend.createRelationships([good, { ...good, type: 'LIKES' }]),
      )
      await rejectsWith('MG_VALIDATION', () =>
        backend.createRelationships([good, { ...good, to_memory_id: 'a' }]),
      )
      await rejectsWith('MG_VALIDATION', () => backend.createRelationships([good, 'text'] as never))
      await rejectsWith('MG_ABORTED', () =>
        backend.createRelationships([good], { signal: AbortSignal.abort() }),
      )
      assert.deepEqual(await collect(backend.listRelationships()), [])
    },

    'createRelationships() calls onProgress at the end with done equal to total': async (backend) => {
      await storeNotes(backend, 'a', 'b')
      const edges = Array.from({ length: 300 }, () => ({
        from_memory_id: 'a',
        to_memory_id: 'b',
        type: 'SOLVES',
      }))
      let last: Progress | null = null
      await backend.createRelationships(edges, {
        onProgress: (progress) => {
          last = { ...progress }
        },
      })
      assert.deepEqual(last && { ...(last as Progress), phase: '' }, { done: 300, total: 300, phase: '' })
      assert.equal((await collect(backend.listRelationships())).length, 300)
    },
  }),
]
