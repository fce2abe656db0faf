import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { Connection } from '../../src/backends/turso/local/connection.js'
import { TursoBackend, type TursoBackendOptions } from '../../src/backends/turso/turso-backend.js'
import { InMemoryBackend } from '../../src/index.js'
import { scratchFolder } from '../support/scratch.js'
import { failureOf, note } from './remote/remote.js'

const BACKENDS = {
  'a file': (options: TursoBackendOptions) =>
    TursoBackend.create({ path: join(scratchFolder(), 'memory.db'), ...options }),
  memory: ({ keepVersions }: TursoBackendOptions) => InMemoryBackend.create({ keepVersions }),
}

describe.each(Object.entries(BACKENDS))('versions kept in %s', (_name, create) => {
  it('are the newest 20 unless told otherwise, and go on counting', async () => {
    await using backend = await create({})
    await backend.storeMemory(note('Title 1', { id: 'a' }))
    for (let version = 2; version <= 30; version++)
      await backend.updateMemory({ id: 'a', title: `Title ${version}` })
    const history = await backend.getMemoryHistory('a')
    expect(history.map(({ version }) => version)).toEqual(Array.from({ length: 20 }, (_, at) => at + 10))
    expect(history[0]?.title).toBe('Title 10')
    expect((await backend.getMemory('a'))?.version).toBe(30)
    const oldest = history[0]?.updated_at as string
    expect((await backend.getMemory('a', { asOf: oldest }))?.version).toBe(10)
    const failure = await failureOf(backend.getMemory('a', { asOf: history[0]?.created_at }))
    expect(failure).toMatchObject({ code: 'MG_HISTORY_PRUNED', details: { id: 'a', oldest: 10 } })
  })

  it('can be none, and updates still count', async () => {
    await using backend = await create({ keepVersions: 0 })
    await backend.storeMemory(note('First', { id: 'a' }))
    await backend.updateMemory({ id: 'a', title: 'Second' })
    expect(await backend.getMemoryHistory('a')).toEqual([])
    expect((await backend.getMemory('a'))?.version).toBe(2)
    expect(await failureOf(backend.updateMemory({ id: 'a' }, { expectedVersion: 1 }))).toMatchObject({
      code: 'MG_CONFLICT',
    })
  })
})

describe('versions in a file', () => {
  it('are as many as was said last, for every program that writes it', async () => {
    const path = join(scratchFolder(), 'memory.db')
    await (await TursoBackend.create({ path, keepVersions: 2 })).disconnect()
    await using backend = await TursoBackend.create({ path })
    await backend.storeMemory(note('Title 1', { id: 'a' }))
    const other = await Connection.open({ path, encryptionKey: undefined })
    for (let version = 2; version <= 5; version++) {
      other.run(`UPDATE nodes SET properties = json_set(properties, '$.title', ?) WHERE id = 'a'`, [
        `Title ${version}`,
      ])
    }
    other.close()
    expect((await backend.getMemoryHistory('a')).map(({ title }) => title)).toEqual(['Title 3', 'Title 4'])
    expect(await backend.getMemory('a')).toMatchObject({ title: 'Title 5', version: 5 })
  })

  it('and contexts are there for a file of the schema before', async () => {
    const path = join(scratchFolder(), 'memory.db')
    const first = await TursoBackend.create({ path })
    await first.storeMemories([note('A', { id: 'a' }), note('B', { id: 'b' })])
    await first.createRelationship('a', 'b', 'SOLVES', { context: 'the auth module' })
    await first.disconnect()
    const before = await Connection.open({ path, encryptionKey: undefined })
    for (const table of [
      'mg_version',
      'mg_revision',
      'mg_context',
      'mg_audit',
      'mg_model',
      'mg_embedding',
      'mg_vector',
      'mg_vocabulary',
      'mg_vocabulary_trigram',
      'mg_trigram',
    ])
      before.exec(`DROP TABLE ${table}`)
    for (const index of [
      'mg_node_tenant',
      'mg_node_project',
      'mg_node_creator',
      'mg_node_session',
      'mg_relationship_symmetric_from',
      'mg_relationship_symmetric_to',
    ])
      before.exec(`DROP INDEX ${index}`)
    for (const trigger of [
      'mg_node_revise',
      'mg_node_purge',
      'mg_context_insert',
      'mg_context_update',
      'mg_context_delete',
      'mg_embedding_node_insert',
      'mg_embedding_node_update',
      'mg_embedding_node_delete',
      'mg_memory_insert',
      'mg_memory_delete',
    ])
      before.exec(`DROP TRIGGER ${trigger}`)
    before.run(`UPDATE mg_schema SET value = 2 WHERE name = 'version'`)
    before.close()
    await using backend = await TursoBackend.create({ path })
    await backend.updateMemory({ id: 'a', title: 'Changed' })
    expect(await backend.getMemoryHistory('a')).toHaveLength(1)
    expect(await backend.searchRelationshipsByContext({ components: ['auth'] })).toHaveLength(1)
    expect((await backend.healthCheck()).schema_version).toBe(8)
  })

  it('survive broken JSON, which other programs may write', async () => {
    const path = join(scratchFolder(), 'memory.db')
    await using backend = await TursoBackend.create({ path })
    await backend.storeMemory(note('A', { id: 'a' }))
    const other = await Connection.open({ path, encryptionKey: undefined })
    other.run(`UPDATE nodes SET properties = 'broken' WHERE id = 'a'`)
    other.run(`UPDATE nodes SET properties = '{"title": "whole again"}' WHERE id = 'a'`)
    other.close()
    expect(await backend.getMemory('a')).toMatchObject({ title: 'whole again', version: 3 })
    expect(await failureOf(backend.getMemoryHistory('a'))).toMatchObject({ code: 'MG_CORRUPT' })
  })
})
