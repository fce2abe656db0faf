import { join } from 'node:path'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { reply, startEmbeddingServer } from '../embedding/embedding-server.js'
import { folder, path, useCliFolder } from './cli-folder.js'
import { type ProgramResult, runInProcess } from './run-in-process.js'
import { withGraph } from './with-graph.js'

useCliFolder()

beforeEach(() => vi.stubEnv('MEMORY_EMBEDDER', 'hashing'))

const run = (...parameters: string[]): Promise<ProgramResult> => runInProcess([...parameters, '--path', path])
const store = (title: string): Promise<ProgramResult> =>
  run('store', '--type', 'general', '--title', title, '--content', 'text')

async function countOf(model: string, file: string = path): Promise<number> {
  return withGraph({ path: file }, async (graph) => {
    const ids = (await graph.searchMemories({ limit: 1000 })).map(({ id }) => id)
    return (await graph.getEmbeddings(ids, model)).length
  })
}

describe('commands that store memories', () => {
  it('leave none without a vector where there is an embedder', async () => {
    const { stdout, stderr } = await store('One')
    expect(stderr).toBe('')
    const id = stdout.trim()
    expect(await countOf('hashing-384-v1')).toBe(1)
    expect((await run('update', id, '--title', 'Other')).code).toBe(0)
    vi.stubEnv('MEMORY_EMBEDDER', 'none')
    await store('Two')
    vi.stubEnv('MEMORY_EMBEDDER', 'hashing')
    expect((await run('health', '--json')).stdout).toContain('"pending": 1')
    expect((await run('merge', id, (await store('Three')).stdout.trim())).code).toBe(0)
    expect(await countOf('hashing-384-v1')).toBe(2)
    const [file, other] = [join(folder, 'all.jsonl'), join(folder, 'other.db')]
    await run('export', file)
    expect((await runInProcess(['import', file, '--path', other])).code).toBe(0)
    expect(await countOf('hashing-384-v1', other)).toBe(2)
    expect((await run('health')).stdout).toMatch(/embedder +hashing-384-v1\nwaiting for vectors +0\n/)
  })

  it('store them also where the embedder fails, and say so', async () => {
    const server = await startEmbeddingServer((_, response) => reply(response, 400, 'no such model'))
    vi.stubEnv('MEMORY_EMBEDDER', 'openai')
    vi.stubEnv('MEMORY_EMBEDDING_URL', server.url)
    vi.stubEnv('MEMORY_EMBEDDING_MODEL', 'm')
    vi.stubEnv('MEMORY_EMBEDDING_DIMENSIONS', '3')
    const { code, stderr } = await store('One')
    expect(code).toBe(0)
    expect(stderr).toContain('1 memory waits for vectors: The service of "m"')
    const drained = await run('embed', '--json')
    expect(drained.code).toBe(1)
    expect(JSON.parse(drained.stdout)).toMatchObject({ model: 'm', failed: 1, pending: 1 })
    expect((await run('health')).stdout).toMatch(/waiting for vectors +1\n/)
    expect((await run('recall', 'one')).stdout).toContain('One')
  })
})

describe('embed and reembed', () => {
  it('embed what waits, then all with another embedder', async () => {
    vi.stubEnv('MEMORY_EMBEDDER', 'none')
    await store('One')
    await store('Two')
    const without = await run('embed')
    expect(without).toMatchObject({ code: 2, stderr: expect.stringContaining('MEMORY_EMBEDDER') })
    vi.stubEnv('MEMORY_EMBEDDER', 'hashing')
    expect(await run('embed')).toEqual({
      code: 0,
      stdout: 'embedded 2 memories with hashing-384-v1\n',
      stderr: '',
    })
    vi.stubEnv('MEMORY_EMBEDDING_DIMENSIONS', '64')
    expect((await run('health')).stdout).toMatch(/recalls use +hashing-384-v1\n/)
    const wrong = await run('reembed', '--model', 'hashing-65-v1')
    expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining('hashing-64-v1') })
    expect((await run('reembed', '--model', 'hashing-64-v1', '--keep-old')).code).toBe(0)
    expect(await countOf('hashing-384-v1')).toBe(2)
    vi.stubEnv('MEMORY_EMBEDDING_DIMENSIONS', '32')
    const { stdout } = await run('reembed', '--json')
    expect(JSON.parse(stdout)).toMatchObject({ model: 'hashing-32-v1', embedded: 2, pending: 0 })
    expect([await countOf('hashing-64-v1'), await countOf('hashing-32-v1')]).toEqual([0, 2])
  })
})
