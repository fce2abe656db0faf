import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { TursoBackend } from '../../src/index.js'
import { ChaosWriter, COUNTER, type GraphRow, Ledger } from '../support/chaos-writer.js'
import { randomOf } from '../support/random.js'
import { scratchFolder } from '../support/scratch.js'
import { startSqld } from '../support/sqld.js'
import { startProxy } from '../support/tcp-proxy.js'

const WRITES = 2_000
const CRASHES = 5
const CUT_PROBABILITY = 0.004
/** As long as a slow machine may take for what takes a moment. */
const PATIENCE_MS = 120_000
const seed = Number(process.env['TEST_SEED'] ?? 1)

const NODES = 'SELECT id, label, properties FROM nodes ORDER BY id'
const RELATIONSHIPS = 'SELECT * FROM relationships ORDER BY id'

/** The rows as they are stored. */
async function tablesOf(backend: TursoBackend) {
  return {
    nodes: await backend.executeQuery(NODES),
    relationships: await backend.executeQuery(RELATIONSHIPS),
  }
}

function parsed(rows: readonly Record<string, unknown>[]): GraphRow[] {
  return rows.map(({ id, properties }) => ({ id: String(id), properties: JSON.parse(String(properties)) }))
}

async function syncAtLast(backend: TursoBackend): Promise<void> {
  const sync = (): Promise<string> =>
    backend.sync().then(
      () => 'synced',
      (error) => error.message,
    )
  await expect.poll(sync, { timeout: PATIENCE_MS }).toBe('synced')
}

it('two copies and a remote client agree after crashes and cuts, and hold what was acknowledged, once', async () => {
  await using sqld = await startSqld()
  const folder = scratchFolder()
  const random = randomOf(seed)
  const proxies = await Promise.all([1, 2, 3].map(() => startProxy({ port: sqld.port })))
  const settings = { timeoutMs: 4_000, circuitResetMs: 100, circuitFailures: 20 }
  const copies = [
    await TursoBackend.create({ ...settings, url: proxies[0]?.url, path: join(folder, 'one.db') }),
    await TursoBackend.create({ ...settings, url: proxies[1]?.url, path: join(folder, 'two.db') }),
  ]
  const remote = await TursoBackend.create({ ...settings, url: proxies[2]?.url, mode: 'remote' })
  await remote.storeMemory({ id: COUNTER, type: 'general', title: COUNTER, content: 'Counts steps' })

  const ledger = new Ledger()
  const clients = [...copies, remote].map(
    (backend, at) => new ChaosWriter(backend, ledger, `b${at}`, randomOf(seed + at + 1)),
  )
  for (const proxy of proxies) proxy.cutAtRandom(CUT_PROBABILITY, random)
  let failure: unknown = null
  const writing = Promise.all(
    clients.map((client) => client.write(Math.ceil(WRITES / clients.length))),
  ).catch((error: unknown) => {
    failure = error
  })
  const written = (): number => ledger.done.reduce((sum, done) => sum + done, 0)
  let crashes = 0
  while (crashes < CRASHES && failure === null) {
    await delay(50)
    if (written() < ((crashes + 1) * WRITES) / (CRASHES + 1)) continue
    await sqld.kill()
    await delay(300)
    await sqld.restart()
    crashes++
  }
  await writing
  expect(failure).toBeNull()
  expect(crashes).toBe(CRASHES)
  expect(written()).toBeGreaterThanOrEqual(WRITES)
  for (const proxy of proxies) proxy.cutAtRandom(0, random)

  for (const copy of copies) await syncAtLast(copy)
  const { nodes, relationships } = await tablesOf(remote)
  for (const copy of copies) {
    expect(await tablesOf(copy)).toEqual({ nodes, relationships })
    expect(await copy.executeQuery('PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }])
  }
  for (const backend of [...copies, remote]) {
    const [texts] = await backend.executeQuery('SELECT count(*) AS n FROM mg_text')
    expect(texts).toEqual({ n: nodes.length })
  }
  expect(ledger.faultsIn(parsed(nodes), parsed(relationships))).toEqual([])
  const { acknowledged, uncertain, refused } = ledger.counts
  console.log(
    `${acknowledged} writes acknowledged, ${uncertain} uncertain, ${refused} attempts refused; ${proxies.map(({ connections }) => connections).join(' + ')} connections; ${nodes.length} nodes, ${relationships.length} relationships`,
  )
  expect(uncertain).toBeLessThan(WRITES / 10)
  for (const backend of [...copies, remote]) await backend.disconnect()
  for (const proxy of proxies) await proxy.close()
})
