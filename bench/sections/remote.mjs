import { join } from 'node:path'
import { openHttp, Stmt } from '@libsql/hrana-client'
import { TursoBackend } from '../../dist/index.js'
import { idAt, memories, relationships } from '../data.mjs'
import { frozenRows } from '../frozen.mjs'
import { inTurn } from '../measure.mjs'
import { lagRows } from '../network-lag.mjs'
import { sqldBinary, startPrimary, startProxy } from '../primary.mjs'
import { storedRows } from '../raw.mjs'
import { factRow, limitRow, throughputRow } from '../rows.mjs'
import { section } from '../section.mjs'

const MEMORIES = 1_000
const RELATIONSHIPS = 3_000
const BULK = 1_000
const BULK_ROUNDS = 7
const SINGLES = 100
const SINGLE_ROUNDS = 7
const INSERT_NODE = `INSERT INTO nodes (id, label, properties, created_at, updated_at)
  VALUES (?, ?, ?, CURRENT_TIMESTAMP, CURRENT_TIMESTAMP)`

await section(async (folder) => {
  if (sqldBinary() === null) return [factRow('not measured: sqld is not installed', '', null)]
  const optionsOf = (url) => ({ url, mode: 'remote' })
  return [
    ...(await lagRows(join(folder, 'remote'), optionsOf)),
    ...(await frozenRows(join(folder, 'remote'), optionsOf)),
    ...(await requestRows(join(folder, 'remote', 'requests'))),
    ...(await storingRows(folder)),
  ]
})

async function requestRows(folder) {
  const primary = await startPrimary(folder)
  const proxy = await startProxy(primary.port, 0)
  const backend = await TursoBackend.create({ url: proxy.url, mode: 'remote' })
  const requestsOf = async (work) => {
    const before = await proxy.requests()
    await work()
    return (await proxy.requests()) - before
  }
  const bulk = await requestsOf(() => backend.storeMemories(memories(MEMORIES, { withIds: true })))
  await backend.createRelationships(relationships(RELATIONSHIPS, MEMORIES))
  const related = await requestsOf(() => backend.getRelatedMemories(idAt(0), { maxDepth: 2 }))
  const single = await requestsOf(() => backend.storeMemory(memories(1)[0]))
  const read = await requestsOf(() => backend.getMemory(idAt(0)))
  await backend.disconnect()
  await proxy.stop()
  await primary.stop()
  return [
    limitRow('requests: storeMemories of 1,000', '', bulk, 10),
    limitRow('  getRelatedMemories, depth 2', '', related, 4),
    factRow('  storeMemory', '', single),
    factRow('  getMemory with relationships', '', read),
  ]
}

/** Ours, and the insert alone, sent as the client library of the protocol sends a batch. */
async function storingRows(folder) {
  const inputs = memories(BULK * (BULK_ROUNDS + 1))
  const rows = await readyRows(join(folder, 'remote-rows.db'), inputs)
  const primary = await startPrimary(join(folder, 'remote', 'storing'))
  const backend = await TursoBackend.create({ url: primary.url, mode: 'remote' })
  const insert = batchInserter(primary.url)
  const partOf = (list, round, size) => list.slice(round * size, (round + 1) * size)
  const singles = await inTurn(
    SINGLE_ROUNDS,
    async (round) => {
      for (const memory of partOf(inputs, round, SINGLES)) await backend.storeMemory(memory)
    },
    async (round) => {
      for (const row of partOf(rows, round, SINGLES)) await insert([withOtherId(row)])
    },
  )
  const bulks = await inTurn(
    BULK_ROUNDS,
    (round) => backend.storeMemories(partOf(inputs, round, BULK)),
    (round) => insert(partOf(rows, round, BULK)),
  )
  await backend.disconnect()
  await primary.stop()
  return [
    throughputRow('storeMemory, one after the other', SINGLES, singles),
    throughputRow('storeMemories of 1,000', BULK, bulks),
  ]
}

/** Rows as the library stores them. */
async function readyRows(path, inputs) {
  const backend = await TursoBackend.create({ path })
  await backend.storeMemories(inputs)
  await backend.disconnect()
  return storedRows(path)
}

/** Under another id, since the row itself comes in a batch later. */
function withOtherId([id, ...values]) {
  return [`${id}-alone`, ...values]
}

/** Inserts rows in one transaction, which is one request. */
function batchInserter(url) {
  const client = openHttp(url, undefined, undefined, undefined, 2)
  return async (rows) => {
    const stream = client.openStream()
    const insert = stream.storeSql(INSERT_NODE)
    const batch = stream.batch(false)
    const statements = ['BEGIN IMMEDIATE', ...rows.map((row) => new Stmt(insert).bindIndexes(row)), 'COMMIT']
    const steps = statements.map((statement) => batch.step().run(statement))
    const done = Promise.all([batch.execute(), ...steps])
    stream.closeGracefully()
    await done
  }
}
