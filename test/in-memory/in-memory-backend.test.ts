import { expect, it } from 'vitest'
import {
  InMemoryBackend,
  type InMemoryBackendOptions,
} from '../../src/backends/in-memory/in-memory-backend.js'

it('is a backend named memory', async () => {
  await using backend = await InMemoryBackend.create()
  expect(backend).toBeInstanceOf(InMemoryBackend)
  expect(backend.backendName()).toBe('memory')
  expect(backend.supportsFulltextSearch()).toBe(true)
  expect(backend.isCypherCapable()).toBe(false)
  const id = await backend.storeMemory({
    type: 'task',
    title: 'Write tests',
    content: 'for the memory backend',
  })
  expect((await backend.searchMemories({ query: 'testing' })).map((memory) => memory.id)).toEqual([id])
  expect(await backend.healthCheck()).toMatchObject({
    status: 'healthy',
    backend: 'memory',
    backend_type: 'memory',
    mode: 'memory',
    node_count: 1,
    statistics: { memory_count: 1 },
    warnings: [],
  })
  await expect(backend.executeQuery('MATCH (n) RETURN n')).rejects.toMatchObject({ code: 'MG_NOT_SUPPORTED' })
})

it('needs connect() first, and forgets everything when closed', async () => {
  const backend = new InMemoryBackend()
  await expect(backend.getMemory('a')).rejects.toMatchObject({ code: 'MG_NOT_CONNECTED' })
  await backend.connect()
  await backend.storeMemory({ id: 'a', type: 'task', title: 'A', content: 'a' })
  await backend.close()
  await backend.connect()
  expect(await backend.getMemory('a')).toBeNull()
})

it('undoes a transaction that fails, also in searches', async () => {
  await using backend = await InMemoryBackend.create()
  const failing = backend.transaction(async (tx) => {
    await tx.storeMemories([{ type: 'task', title: 'lost', content: 'lost' }])
    expect(await tx.searchMemories({ query: 'lost' })).toHaveLength(1)
    throw new Error('no')
  })
  await expect(failing).rejects.toThrow('no')
  expect(await backend.searchMemories({ query: 'lost' })).toEqual([])
  for await (const change of backend.changes()) expect.unreachable(change.id)
})

it('passes its options on', async () => {
  await using backend = await InMemoryBackend.create({
    allowCycles: true,
    maxContentBytes: 10,
  })
  const small = { id: 'a', type: 'task', title: 'A', content: '0123456789' }
  await backend.storeMemory(small)
  await expect(backend.storeMemory({ ...small, content: '0123456789a' })).rejects.toMatchObject({
    code: 'MG_VALIDATION',
  })
  await backend.createRelationship('a', 'a', 'RELATED_TO')
})

it.each([
  [{ path: ':memory:' }, '"path"'],
  [{ constructor: 1 }, '"constructor"'],
  [{ maxContentBytes: 0 }, 'maxContentBytes'],
  [{ maxContentBytes: '1' }, 'maxContentBytes'],
  [{ allowCycles: 'yes' }, 'allowCycles'],
  [{ auditLog: { actor: 7 } }, 'auditLog'],
  [{ trackUsage: 'yes' }, 'trackUsage'],
  [{ synonyms: { k8s: 'kubernetes' } }, 'synonyms'],
  [{ logger: {} }, '"logger"'],
])('refuses the options %j', (options, name) => {
  expect(() => new InMemoryBackend(options as InMemoryBackendOptions)).toThrow(
    expect.objectContaining({ code: 'MG_CONFIGURATION', message: expect.stringContaining(name) }),
  )
})
