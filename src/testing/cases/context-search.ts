import assert from 'node:assert/strict'
import type { RelationshipContextSearch } from '../../backends/graph-backend.js'
import { idsOf, rejectsWith } from '../assertions.js'
import { type GraphBackendCase, historyCases } from '../graph-backend-case.js'
import { join, storeNotes } from '../samples.js'

/** Relationships by what their contexts say. */
export const contextSearchCases: readonly GraphBackendCase[] = historyCases('context search', {
  'searchRelationshipsByContext() joins its filters by AND, the texts of one by OR': async (backend) => {
    await storeNotes(backend, 'a', 'b')
    const contexts: readonly (readonly [string, number, string | null])[] = [
      ['auth', 0.9, 'partially implements the auth module, verified by integration tests'],
      ['cache', 0.8, 'only works in production when Redis is configured'],
      [
        'stored',
        0.7,
        '{"text": "as stored", "scope": "full", "components": ["Auth Service"], "temporal": "v2.1"}',
      ],
      ['silent', 0.6, null],
    ]
    for (const [id, strength, context] of contexts)
      await join(backend, id, 'a', 'b', { properties: { strength, context } })
    const search = async (filter: RelationshipContextSearch) =>
      idsOf(await backend.searchRelationshipsByContext(filter))
    assert.deepEqual(await search({ components: ['AUTH'] }), ['auth', 'stored'])
    assert.deepEqual(await search({ components: ['nothing', 'auth'], scope: 'partial' }), ['auth'])
    assert.deepEqual(await search({ conditions: ['redis'] }), ['cache'])
    assert.deepEqual(await search({ scope: 'full' }), ['stored'])
    assert.deepEqual(await search({ evidence: ['integration tests'] }), ['auth'])
    assert.deepEqual(await search({ hasEvidence: true }), ['auth'])
    assert.deepEqual(await search({ temporal: 'v2' }), ['stored'])
    assert.deepEqual(await search({ components: ['absent'] }), [])
    assert.deepEqual(await search({ components: ['auth'], limit: 1 }), ['auth'])
    assert.deepEqual(await search({ components: ['auth'], relationshipTypes: ['CAUSES'] }), [])
  },

  'searchRelationshipsByContext() finds by scope, by evidence or the lack of it, and everything, strongest first':
    async (backend) => {
      await storeNotes(backend, 'a', 'b')
      const contexts: readonly (readonly [string, number, string | null])[] = [
        ['none', 0.1, null],
        ['auth', 0.4, 'partially implements the auth module, only in production, verified by load tests'],
        ['cache', 0.9, 'partially implements caching, only in staging'],
        ['full', 0.6, 'fully supports sessions in production'],
        ['flag', 0.5, 'only works in the production environment, requires Redis'],
        ['plain', 0.2, 'somebody said so'],
      ]
      for (const [id, strength, context] of contexts)
        await join(backend, id, 'a', 'b', { properties: { strength, context } })
      const everything = ['cache', 'full', 'flag', 'auth', 'plain', 'none']
      const expectations: readonly (readonly [RelationshipContextSearch, readonly string[]])[] = [
        [{}, everything],
        [{ limit: 2 }, everything.slice(0, 2)],
        [{ scope: 'partial' }, ['cache', 'auth']],
        [{ scope: 'partial', limit: 1 }, ['cache']],
        [{ scope: 'full' }, ['full']],
        [{ scope: 'conditional' }, ['flag']],
        [{ conditions: ['production'] }, ['flag', 'auth']],
        [{ conditions: ['staging', 'redis'] }, ['cache', 'flag']],
        [{ hasEvidence: true }, ['auth']],
        [{ hasEvidence: false }, everything.filter((id) => id !== 'auth')],
        [{ components: ['auth', 'redis'] }, ['flag', 'auth']],
        [{ scope: 'partial', conditions: ['production'] }, ['auth']],
        [{ scope: 'partial', hasEvidence: false }, ['cache']],
        [{ components: ['auth'], conditions: ['production'] }, ['auth']],
        [{ components: ['auth'], conditions: ['staging'] }, []],
      ]
      for (const [filter, ids] of expectations)
        assert.deepEqual(
          idsOf(await backend.searchRelationshipsByContext(filter)),
          ids,
          JSON.stringify(filter),
        )
    },

  'searchRelationshipsByContext() follows updates, deletions and the valid time': async (backend) => {
    await storeNotes(backend, 'a', 'b')
    const properties = { context: 'the auth module', valid_from: '2026-01-01' }
    for (const id of ['one', 'two', 'three']) await join(backend, id, 'a', 'b', { properties })
    const search = async (filter: RelationshipContextSearch) =>
      idsOf(await backend.searchRelationshipsByContext({ components: ['auth'], ...filter }))
    await backend.updateRelationshipProperties('one', { context: 'the cache module' })
    await backend.deleteRelationship('two')
    await backend.invalidateRelationship('three')
    assert.deepEqual(await search({}), ['three'])
    assert.deepEqual(await search({ includeInvalidated: false }), [])
    assert.deepEqual(await search({ asOf: '2026-01-02' }), ['three'])
    assert.deepEqual(await search({ asOf: '2025-01-02' }), [])
    assert.deepEqual(await search({ components: ['cache'] }), ['one'])
    for (const filter of [{ scope: 'whole' }, { limit: 0 }, { components: 'auth' }, { unknown: true }])
      await rejectsWith('MG_VALIDATION', () =>
        backend.searchRelationshipsByContext(filter as RelationshipContextSearch),
      )
  },
})
