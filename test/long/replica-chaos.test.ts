import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { type GraphBackend, MemoryError, TursoBackend } from '../../src/index.js'
import { scratchFolder } from '../support/scratch.js'
import { startSqld } from '../support/sqld.js'
import { startProxy } from '../support/tcp-proxy.js'

const WRITES = 2_000
const CRASHES = 5
const CUT_PROBABILITY = 0.004
const seed = Number(process.env['TEST_SEED'] ?? 1)

/** Mulberry32, by Tommy Ettinger (public domain). */
function randomOf(start: number): () => number {
  let state = start >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** What each id may read as afterwards: one title when its last write was acknowledged, several when one is uncertain. */
type Expected = Map<string, Set<string | null>>

async function attempt(
  expected: Expected,
  id: string,
  title: string | null,
  write: () => Promise<unknown>,
): Promise<void> {
  const before = expected.get(id) ?? new Set([null])
  try {
    await write()
    expected.set(id, new Set([title]))
  } catch (error) {
    if (!MemoryError.is(error)) throw error
    expect(['MG_OFFLINE', 'MG_UNCERTAIN', 'MG_TRANSACTION_LOST'], error.message).toContain(error.code)
    // What was refused with any other code left everything as it was.
    if (error.code === 'MG_UNCERTAIN') expected.set(id, new Set([...before, title]))
    await delay(20)
  }
}

async function writeOften(
  backend: GraphBackend,
  name: string,
  many: number,
  random: () => number,
  expected: Expected,
): Promise<void> {
  const own: string[] = []
  for (let at = 0; at < many; at++) {
    const title = `${name} ${at}`
    const choice = random()
    const known = own[Math.floor(random() * own.length)]
    if (choice < 0.6 || known === undefined) {
      const id = `${name}-${at}`
      await attempt(expected, id, title, () =>
        backend.storeMemory({ id, type: 'general', title, content: title }),
      )
      own.push(id)
    } else if (choice < 0.8) {
      await attempt(expected, known, title, async () => {
        const stored = await backend.updateMemory({ id: known, title })
        if (!stored) await backend.storeMemory({ id: known, type: 'general', title, content: title })
      })
    } else if (choice < 0.9) {
      await attempt(expected, known, null, () => backend.deleteMemory(known))
    } else {
      await attempt(expected, known, title, () =>
        backend.transaction(async (tx) => {
          await tx.storeMemory({ id: known, type: 'general', title, content: 'in a transaction' })
        }),
      )
    }
  }
}

it('two copies and a remote client agree after crashes and cuts, and hold what was acknowledged', async () => {
  await using sqld = await startSqld()
  const folder = scratchFolder()
  const random = randomOf(seed)
  const proxies = await Promise.all([1, 2, 3].map(() => startProxy({ port: sqld.port })))
  const settings = { timeoutMs: 4_000, circuitResetMs: 100, circuitFailures: 20 }
  const backends = [
    await TursoBackend.create({ ...settings, url: proxies[0]?.url, path: join(folder, 'one.db') }),
    await TursoBackend.create({ ...settings, url: proxies[1]?.url, path: join(folder, 'two.db') }),
    await TursoBackend.create({ ...settings, url: proxies[2]?.url, mode: 'remote' }),
  ]
  for (const proxy of proxies) proxy.cutAtRandom(CUT_PROBABILITY, random)
  const expected: Expected = new Map()
  let isDone = false
  const writing = Promise.all(
    backends.map((backend, at) =>
      writeOften(backend, `b${at}`, Math.ceil(WRITES / 3), randomOf(seed + at + 1), expected),
    ),
  ).finally(() => {
    isDone = true
  })
  for (let crash = 0; crash < CRASHES && !isDone; crash++) {
    await delay(2_000)
    await sqld.kill()
    await delay(300)
    await sqld.restart()
  }
  await writing
  for (const proxy of proxies) proxy.cutAtRandom(0, random)

  const graphs: Map<string, string>[] = []
  for (const backend of backends) {
    if (backend.capabilities.sync)
      await expect
        .poll(
          () =>
            backend.sync().then(
              () => true,
              () => false,
            ),
          { timeout: 20_000 },
        )
        .toBe(true)
    const titles = new Map<string, string>()
    for await (const memory of backend.listMemories()) titles.set(memory.id, memory.title)
    graphs.push(titles)
    const [texts] = await backend.executeQuery('SELECT count(*) AS n FROM mg_text')
    expect(texts).toEqual({ n: titles.size })
  }
  expect(graphs[1]).toEqual(graphs[0])
  expect(graphs[2]).toEqual(graphs[0])
  const wrong = [...expected].filter(([id, titles]) => !titles.has(graphs[0]?.get(id) ?? null))
  expect(wrong).toEqual([])
  for (const backend of backends.slice(0, 2))
    expect(await backend.executeQuery('PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }])
  for (const backend of backends) await backend.disconnect()
  for (const proxy of proxies) await proxy.close()
})
