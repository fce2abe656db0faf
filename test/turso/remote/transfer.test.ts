import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  exportFile,
  exportGraph,
  type GraphBackend,
  InMemoryBackend,
  importGraph,
  migrate,
} from '../../../src/index.js'
import { scratchFolder } from '../../support/scratch.js'
import { notes, startRemote } from './remote.js'

/** Many more than a request holds. */
const RECORDS = 900

async function textOf(backend: GraphBackend): Promise<string> {
  let text = ''
  for await (const chunk of exportGraph(backend)) text += chunk
  return text
}

async function graph(): Promise<InMemoryBackend> {
  const source = await InMemoryBackend.create()
  const ids = await source.storeMemories(notes(RECORDS))
  await source.createRelationships(
    ids.slice(1).map((id) => ({ from_memory_id: ids[0] as string, to_memory_id: id, type: 'CAUSES' })),
  )
  await source.updateMemory({ id: ids[7] as string, title: 'Changed' })
  return source
}

describe('A graph goes to a primary', () => {
  it('by migrate(), verified, in one transaction', async () => {
    await using source = await graph()
    await using remote = await startRemote({ timeoutMs: 10_000 })
    const report = await migrate(source, remote.backend)
    expect(report).toMatchObject({
      nodes: { imported: RECORDS },
      relationships: { imported: RECORDS - 1 },
      refused: [],
    })
    expect(await textOf(remote.backend)).toBe(await textOf(source))
  })

  it('by a file, in far fewer requests than records, and again without a change', async () => {
    await using source = await graph()
    const path = join(scratchFolder(), 'graph.jsonl')
    await exportFile(source, path)
    await using remote = await startRemote({ timeoutMs: 10_000 }, { latencyMs: 10 })
    const { backend, requestsOf } = remote
    const importing = async (): Promise<void> => {
      expect(await importGraph(backend, path)).toMatchObject({
        nodes: { imported: RECORDS },
        relationships: { imported: RECORDS - 1 },
      })
    }
    expect(await requestsOf(importing)).toBeLessThan(RECORDS / 9)
    expect(await importGraph(backend, path)).toMatchObject({
      nodes: { unchanged: RECORDS },
      relationships: { unchanged: RECORDS - 1 },
    })
    expect(await textOf(backend)).toBe(await textOf(source))
  })

  it('and a migration that loses the primary half way leaves nothing on it', async () => {
    await using source = await graph()
    await using remote = await startRemote({ circuitFailures: 100, timeoutMs: 2_000 })
    const interrupted = migrate(source, remote.backend, {
      onProgress: ({ done }) => done >= RECORDS && remote.proxy.freeze(),
    })
    await expect(interrupted).rejects.toMatchObject({ code: expect.stringMatching(/^MG_/) })
    remote.proxy.thaw()
    await expect.poll(async () => (await remote.backend.getMemoryStatistics()).total_memories.count).toBe(0)
  })
})
