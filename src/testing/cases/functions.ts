import assert from 'node:assert/strict'
import type { GraphBackend } from '../../backends/graph-backend.js'
import { findDuplicates } from '../../hygiene/find-duplicates.js'
import { mergeMemories } from '../../hygiene/merge-memories.js'
import { prune } from '../../hygiene/prune.js'
import { findContradictions } from '../../knowledge/find-contradictions.js'
import { findCycles } from '../../knowledge/find-cycles.js'
import { reinforceRelationship } from '../../knowledge/reinforce-relationship.js'
import { exportGraph } from '../../transfer/export-graph.js'
import { graphSource } from '../../transfer/graph-source.js'
import { importGraph } from '../../transfer/import-graph.js'
import { migrate } from '../../transfer/migrate.js'
import { countMemories, idsOf, present } from '../assertions.js'
import { casesOf, type GraphBackendCase } from '../graph-backend-case.js'
import { join, note, SAMPLE_IDS, storeNotes, storeSamples } from '../samples.js'

/** What stands on the contract alone, over this backend. */
export const functionCases: readonly GraphBackendCase[] = casesOf('functions over a backend', {
  'exportGraph() and importGraph() carry everything to another store, and nothing twice': async (
    backend,
    { another },
  ) => {
    await fill(backend)
    const target = await another()
    const report = await importGraph(target, graphSource(backend))
    assert.deepEqual([report.nodes.imported, report.refused], [SAMPLE_IDS.length + 1, []])
    assert.equal(await exported(target), await exported(backend))
    const again = await importGraph(target, graphSource(backend), { onConflict: 'replace' })
    assert.deepEqual([again.nodes.imported, again.nodes.replaced], [0, 0])
    assert.deepEqual([again.relationships.imported, again.relationships.replaced], [0, 0])
  },

  'migrate() leaves a target as it was when it fails, and what the target had when it does not': async (
    backend,
    { another },
  ) => {
    if (!backend.capabilities.transactions) return
    const source = await another()
    await fill(source)
    await storeNotes(backend, 'own')
    const before = await exported(backend)
    const stopped = AbortSignal.abort()
    await assert.rejects(migrate(source, backend, { signal: stopped }), { code: 'MG_ABORTED' })
    assert.equal(await exported(backend), before)
    await migrate(source, backend)
    assert.equal(await countMemories(backend), SAMPLE_IDS.length + 1)
    assert.equal((await backend.getMemory('own'))?.title, 'Note own')
  },

  'mergeMemories() makes one memory of two, with the relationships of both': async (backend) => {
    await storeNotes(backend, 'a', 'b', 'c')
    await join(backend, 'r', 'c', 'b')
    const report = await mergeMemories(backend, 'a', ['b'])
    assert.deepEqual([report.merged, report.moved_relationships], [['b'], 1])
    assert.equal((await backend.getRelationship('r'))?.to_memory_id, 'a')
    assert.equal(await backend.getMemory('b'), null)
  },

  'findDuplicates() and prune() find what is there twice, and delete what is not needed': async (backend) => {
    const content = 'The same words in the same order, said of the same thing.'
    await backend.storeMemories([
      note('a', { title: 'Twice', content }),
      note('b', { title: 'Twice', content }),
      note('c', { importance: 0.1 }),
    ])
    assert.deepEqual(
      (await findDuplicates(backend)).map(({ ids }) => ids),
      [['a', 'b']],
    )
    assert.deepEqual((await prune(backend, { minImportance: 0.2 })).ids, ['c'])
    assert.equal(await countMemories(backend), 2)
  },

  'reinforceRelationship(), findContradictions() and findCycles() know relationships': async (backend) => {
    await storeNotes(backend, 'a', 'b')
    await join(backend, 'r', 'a', 'b', { type: 'CONFIRMS', properties: { strength: 0.5 } })
    await join(backend, 's', 'a', 'b', { type: 'CONTRADICTS' })
    await reinforceRelationship(backend, 'r', true)
    assert.ok(present(await backend.getRelationship('r')).properties.strength > 0.5)
    assert.equal((await findContradictions(backend, 'a')).length, 1)
    const cycle = [
      { from_memory_id: 'a', to_memory_id: 'b', type: 'DEPENDS_ON' },
      { from_memory_id: 'b', to_memory_id: 'a', type: 'DEPENDS_ON' },
    ]
    await backend.createRelationships(cycle, { allowCycles: true })
    assert.equal((await findCycles(backend)).length, 1)
  },
})

async function fill(backend: GraphBackend): Promise<void> {
  await storeSamples(backend)
  await backend.updateMemory({ id: 'retry-backoff', title: 'Retry twice' })
  await backend.putNodes([{ id: 'task', label: 'Task', properties: { done: false } }])
  assert.deepEqual(idsOf(await backend.findNodes({ label: 'Task' })), ['task'])
}

async function exported(backend: GraphBackend): Promise<string> {
  let text = ''
  for await (const chunk of exportGraph(backend)) text += chunk
  return text
}
