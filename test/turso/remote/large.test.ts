import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TursoBackend } from '../../../src/backends/turso/turso-backend.js'
import { failureOf, note, notes, type Remote, startRemote } from './remote.js'

const MEBIBYTE = 1024 * 1024

let remote: Remote
let backend: TursoBackend

beforeAll(async () => {
  remote = await startRemote({ timeoutMs: 10_000 })
  backend = remote.backend
})

afterAll(() => remote[Symbol.asyncDispose]())

/** Text of so many bytes, the same for the same number. */
function textOf(bytes: number, seed: number): string {
  return `${seed}:`.padEnd(bytes, 'lorem ipsum ')
}

describe('40 memories of 900 kB, more than any answer can be', () => {
  const large = notes(40, (at) => ({
    id: `large-${String(at).padStart(2, '0')}`,
    content: textOf(900_000, at),
    tags: ['large'],
  }))
  const ids = large.map(({ id }) => id as string)

  beforeAll(async () => {
    expect(await backend.storeMemories(large)).toEqual(ids)
  })

  function expectAll(memories: readonly { id: string; content: string }[]): void {
    expect(memories.map(({ id }) => id).sort()).toEqual(ids)
    for (const { id, content } of memories) {
      expect(content === textOf(900_000, Number(id.slice(-2)))).toBe(true)
    }
  }

  it('are listed whole', async () => {
    const listed = []
    for await (const memory of backend.listMemories()) listed.push(memory)
    expectAll(listed)
  })

  it('are read by their ids, in that order', async () => {
    const backwards = [...ids].reverse()
    const found = await backend.getMemories(backwards)
    expect(found.map(({ id }) => id)).toEqual(backwards)
    expectAll(found)
  })

  it('are found by a search', async () => {
    expectAll(await backend.searchMemories({ tags: ['large'], limit: 50 }))
  })

  it('are read in a transaction, among its writes', async () => {
    const read = await backend.transaction(async (tx) => {
      await tx.updateMemory({ id: 'large-00', summary: 'Changed before' })
      const found = await tx.getMemories(ids)
      await tx.updateMemory({ id: 'large-01', summary: 'Changed after' })
      return found
    })
    expectAll(read)
    expect(read[0]).toMatchObject({ summary: 'Changed before' })
    expect(await backend.getMemory('large-01')).toMatchObject({ summary: 'Changed after' })
  })

  it('are a raw answer of 36 MB', async () => {
    const rows = await backend.executeQuery(
      "SELECT id, properties ->> 'content' AS content FROM nodes WHERE label = ? ORDER BY id;\n",
      ['Memory'],
    )
    expectAll(rows as { id: string; content: string }[])
  })

  it('are a raw answer by name, of which two columns must not have the same name', async () => {
    const both =
      'SELECT n.properties, m.properties FROM nodes AS n JOIN nodes AS m USING (id) WHERE n.label = :label'
    expect(await failureOf(backend.executeQuery(both, { label: 'Memory' }))).toMatchObject({
      code: 'MG_VALIDATION',
      message: expect.stringContaining('"properties"'),
    })
    const rows = await backend.executeQuery(
      `WITH m AS (SELECT * FROM nodes WHERE label = :label)
      SELECT row_number() OVER (ORDER BY id) AS n, 9007199254740993 AS big, properties FROM m -- all`,
      { label: 'Memory' },
    )
    expect(rows.map(({ n, big }) => [n, big])).toEqual(ids.map((_, at) => [at + 1, 9007199254740993n]))
  })

  it('are replaced by a bulk that looks at what is stored among its writes', async () => {
    const small = notes(500, (at) => ({ id: `small-${at}` }))
    const again = large.slice(0, 15).map((memory) => ({ ...memory, content: 'Short' }))
    await backend.storeMemories([...small, ...again])
    expect(await backend.executeQuery('SELECT count(*) AS count FROM nodes')).toEqual([{ count: 540 }])
    const found = await backend.getMemories(ids.slice(0, 16))
    expect(found.map(({ content }) => content.length)).toEqual([...again.map(() => 5), 900_000])
    expect(found.every(({ tags }) => tags.includes('large'))).toBe(true)
    await backend.deleteNodes(small.map(({ id }) => id as string))
  })
})

describe('a raw answer', () => {
  it('of 150,000 short rows is complete, and in order', async () => {
    const sql = `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
      SELECT i, 'some text that makes the answer longer than the primary can give: ' || i AS text FROM n`
    const rows = await backend.executeQuery(sql, [150_000])
    expect(rows).toHaveLength(150_000)
    expect(rows.every(({ i, text }, at) => i === at + 1 && String(text).endsWith(`: ${at + 1}`))).toBe(true)
  })

  it('with a single row that is too large says so', async () => {
    const sql = 'SELECT zeroblob(4900000) AS a, zeroblob(4900000) AS b, zeroblob(4900000) AS c'
    expect((await failureOf(backend.executeQuery(sql))).message).toMatch(/single row is larger/)
  })
})

describe('large input', () => {
  it.each([
    ['emoji', '😀'],
    ['CJK', '記憶'],
    ['quotes and backslashes', `'"\\\``],
    ['letters', 'a'],
  ])('a content of exactly 1 MiB of %s comes back as it was', async (_, pattern) => {
    const bytes = Buffer.byteLength(pattern)
    const content = pattern.repeat(Math.floor(MEBIBYTE / bytes)) + 'x'.repeat(MEBIBYTE % bytes)
    expect(Buffer.byteLength(content)).toBe(MEBIBYTE)
    const id = await backend.storeMemory(note('Exact', { content }))
    expect((await backend.getMemory(id))?.content === content).toBe(true)
    expect(await failureOf(backend.storeMemory(note('More', { content: `${content}x` })))).toMatchObject({
      code: 'MG_VALIDATION',
    })
    await backend.deleteMemory(id)
  })

  it('that grows beyond what the primary takes, since JSON escapes it, is refused as such', async () => {
    const content = '\u0001'.repeat(MEBIBYTE)
    expect(await failureOf(backend.storeMemory(note('Escaped', { content })))).toMatchObject({
      code: 'MG_VALIDATION',
      message: expect.stringMatching(/larger than the database takes: store it in parts/),
    })
    const half = content.slice(0, MEBIBYTE / 2)
    const id = await backend.storeMemory(note('Escaped', { content: half }))
    expect((await backend.getMemory(id))?.content === half).toBe(true)
    await backend.deleteMemory(id)
  })

  it('2,500 memories in one call over a network of 50 ms are a few requests', async () => {
    const { proxy, requestsOf } = remote
    proxy.latencyMs = 50
    const progress: number[] = []
    let ids: string[] = []
    const requests = await requestsOf(async () => {
      ids = await backend.storeMemories(notes(2_500), { onProgress: ({ done }) => progress.push(done) })
    })
    proxy.latencyMs = 0
    expect(requests).toBeLessThanOrEqual(8)
    expect(progress.at(-1)).toBe(2_500)
    expect(new Set(ids).size).toBe(2_500)
    expect(
      await backend.executeQuery("SELECT count(*) AS count FROM nodes WHERE id NOT LIKE 'large-%'"),
    ).toEqual([{ count: 2_500 }])
    expect(await backend.deleteNodes(ids)).toBe(2_500)
  })

  it('that is given up half way leaves nothing', async () => {
    const controller = new AbortController()
    const aborted = backend.storeMemories(
      notes(3_000, (at) => ({ id: `aborted-${at}` })),
      {
        signal: controller.signal,
        onProgress: ({ done }) => {
          if (done >= 1_500) controller.abort()
        },
      },
    )
    expect(await failureOf(aborted)).toMatchObject({ code: 'MG_ABORTED' })
    expect(
      await backend.executeQuery("SELECT count(*) AS count FROM nodes WHERE id LIKE 'aborted-%'"),
    ).toEqual([{ count: 0 }])
  })
})
