import assert from 'node:assert/strict'
import { idSetOf, idsOf } from '../assertions.js'
import { casesOf, type GraphBackendCase } from '../graph-backend-case.js'
import { note, storeNotes, storeSamples } from '../samples.js'

/** A second after the first of the year for each place in a session. */
function inSession(id: string, session: string, second: number, content: string): ReturnType<typeof note> {
  const created_at = `2026-01-01T00:00:0${second}Z`
  return note(id, { content, created_at, context: { session_id: session } })
}

/** Recalls that look around what the words find. */
export const recallClosenessCases: readonly GraphBackendCase[] = casesOf('recall', {
  'recallMemories() finds what is related to a good hit, and says by what way': async (backend) => {
    await storeSamples(backend)
    const [hit, related, ...others] = await backend.recallMemories('exponential')
    assert.deepEqual([hit?.id, related?.id, idsOf(others)], ['retry-backoff', 'gateway-timeout', []])
    assert.deepEqual(hit?.match_info?.ranks?.text, 1)
    assert.deepEqual(related?.match_info?.matched_terms, [])
    assert.deepEqual(related?.match_info?.ranks, { graph: 1 })
    assert.deepEqual(related?.match_info?.path, ['retry-backoff', 'gateway-timeout'])
    assert.ok((hit?.match_info?.score as number) > (related?.match_info?.score as number))
  },

  'recallMemories() lets what is close lend weight: of two equal hits the one beside a third comes first':
    async (backend) => {
      await backend.storeMemories([
        note('alone', { content: 'the zebra' }),
        note('beside', { content: 'the zebra' }),
        note('third', { content: 'an okapi' }),
      ])
      await backend.createRelationship('third', 'beside', 'RELATED_TO')
      assert.deepEqual(
        idsOf(await backend.recallMemories('zebra or okapi'))
          .slice(0, 2)
          .sort(),
        ['beside', 'third'],
      )
    },

  'recallMemories() goes along current relationships, or those of the instant it is asked for': async (
    backend,
  ) => {
    await backend.storeMemories([note('a', { content: 'the zebra' }), note('b', { content: 'other' })])
    const id = await backend.createRelationship('a', 'b', 'CAUSES', { valid_from: '2026-01-01T00:00:00Z' })
    assert.deepEqual(idsOf(await backend.recallMemories('zebra')), ['a', 'b'])
    if (!backend.capabilities.history) return
    await backend.invalidateRelationship(id)
    assert.deepEqual(idsOf(await backend.recallMemories('zebra')), ['a'])
    assert.deepEqual(idsOf(await backend.recallMemories('zebra', { asOf: '2026-01-02T00:00:00Z' })), [
      'a',
      'b',
    ])
  },

  'recallMemories() finds what was said before and after a hit in its session, in the order of time': async (
    backend,
  ) => {
    await backend.storeMemories([
      inSession('z-before', 's1', 1, 'What would you like?'),
      inSession('m-hit', 's1', 2, 'A zebra.'),
      inSession('a-after', 's1', 3, 'Here you are.'),
      inSession('other', 's2', 3, 'Something else.'),
    ])
    const hits = await backend.recallMemories('zebra')
    assert.deepEqual([hits[0]?.id, idSetOf(hits)], ['m-hit', ['a-after', 'm-hit', 'z-before']])
    assert.deepEqual(hits.find(({ id }) => id === 'a-after')?.match_info?.path, ['m-hit', 'a-after'])
    await backend.updateMemory({ id: 'a-after', context: { session_id: 's2' } })
    await backend.deleteMemory('z-before')
    assert.deepEqual(idsOf(await backend.recallMemories('zebra')), ['m-hit'])
  },

  'recallMemories() leaves out what is only close where it is told to': async (backend) => {
    await storeSamples(backend)
    assert.deepEqual(idsOf(await backend.recallMemories('exponential', { expand: false })), ['retry-backoff'])
  },

  'recallMemories() with diversity puts what repeats a better hit after what does not': async (backend) => {
    await backend.storeMemories([
      note('first', { title: 'zebra zebra', content: 'the zebra drinks at the river' }),
      note('again', { title: 'zebra zebra', content: 'the zebra drinks at the river' }),
      note('other', { content: 'a very long story of many things in which there is one zebra' }),
    ])
    const ids = async (diversity: number): Promise<string | undefined> =>
      (await backend.recallMemories('zebra', { diversity }))[1]?.id
    assert.notEqual(await ids(0), 'other')
    assert.equal(await ids(0.8), 'other')
  },

  'recallMemories() holds what is close to the same filters': async (backend) => {
    await storeSamples(backend)
    const found = await backend.recallMemories('exponential', { memoryTypes: ['solution'] })
    assert.deepEqual(idsOf(found), ['retry-backoff'])
  },

  'recallMemories() of a view finds nothing outside by way of what is inside': async (backend) => {
    if (!backend.capabilities.scopes) return
    await backend.storeMemories([
      note('inside', { content: 'the zebra', context: { tenant_id: 'a', session_id: 's' } }),
      note('outside', { context: { tenant_id: 'b', session_id: 's' } }),
      note('far', { context: { tenant_id: 'a' } }),
    ])
    await backend.createRelationship('inside', 'outside', 'CAUSES')
    await backend.createRelationship('outside', 'far', 'CAUSES')
    assert.equal((await backend.recallMemories('zebra')).length, 3)
    assert.deepEqual(idsOf(await backend.scoped({ tenantId: 'a' }).recallMemories('zebra')), ['inside'])
  },

  'recallMemories() of a view goes by what stands close inside, however close the outside is': async (
    backend,
  ) => {
    if (!backend.capabilities.scopes) return
    const outside = ['o1', 'o2', 'o3', 'o4', 'o5', 'o6', 'o7', 'o8', 'o9']
    const ofTenant = (id: string, tenant_id: string, session_id: string): ReturnType<typeof note> =>
      note(id, { context: { tenant_id, session_id }, created_at: '2026-01-01T00:00:00Z' })
    await backend.storeMemories([
      note('1-hit', { ...ofTenant('1-hit', 'a', 's'), content: 'the zebra' }),
      ofTenant('2-outside', 'b', 's'),
      ofTenant('3-next', 'a', 's'),
      ofTenant('4-related', 'a', 't'),
      ...outside.map((id) => ofTenant(id, 'b', 't')),
    ])
    for (const id of outside) await backend.createRelationship('1-hit', id, 'CAUSES', { strength: 0.9 })
    await backend.createRelationship('1-hit', '4-related', 'CAUSES', { strength: 0.8 })
    const view = backend.scoped({ tenantId: 'a' })
    assert.deepEqual(idSetOf(await view.recallMemories('zebra')), ['1-hit', '3-next', '4-related'])
  },

  'recallMemories() knows irregular English words': async (backend) => {
    await backend.storeMemories([note('a', { content: 'She bought two mice.' }), note('b')])
    for (const question of ['What does she buy?', 'Where is the mouse?'])
      assert.deepEqual(idsOf(await backend.recallMemories(question)), ['a'], question)
  },

  'recallMemories() returns each memory on one page': async (backend) => {
    const ids = Array.from({ length: 170 }, (_, at) => `n${String(at).padStart(3, '0')}`)
    await storeNotes(backend, ...ids, 'related')
    await backend.updateMemory({ id: 'related', title: 'Something', content: 'else' })
    await backend.createRelationship(ids[0] as string, 'related', 'CAUSES')
    await backend.createRelationship(ids[0] as string, ids[169] as string, 'CAUSES')
    const pages: string[] = []
    for (let offset = 0; offset < 200; offset += 40)
      pages.push(
        ...idsOf(await backend.recallMemories('note', { limit: 40, offset, includeRelationships: false })),
      )
    assert.deepEqual([...pages].sort(), [...ids, 'related'].sort())
  },
})
