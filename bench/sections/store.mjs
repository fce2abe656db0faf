import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { TursoBackend } from '../../dist/index.js'
import { memories } from '../data.mjs'
import { inTurn } from '../measure.mjs'
import { openRaw, rowsInserter, storedRows } from '../raw.mjs'
import { throughputRow } from '../rows.mjs'
import { section } from '../section.mjs'

const BULK = 10_000
const BULK_ROUNDS = 7
const SINGLES = 100
const SINGLE_ROUNDS = 25

await section(async (folder) => {
  const file = (name) => join(folder, `store-${name}.db`)
  await store(file('empty'), [])
  await store(file('full'), memories(BULK))
  const rows = storedRows(file('full'))
  return [
    throughputRow('storeMemories of 10,000', BULK, await bulk(file, rows), 0.6),
    throughputRow('storeMemory, one after the other', SINGLES, await singles(file, rows), 0.6),
  ]
})

async function store(path, list) {
  const backend = await TursoBackend.create({ path })
  await backend.storeMemories(list)
  await backend.disconnect()
}

/** Each round into new files that hold the tables and triggers alone; opening and closing do not count. */
async function bulk(file, rows) {
  const backends = []
  const databases = []
  for (let round = 0; round <= BULK_ROUNDS; round++) {
    const names = [`ours-${round}`, `raw-${round}`].map(file)
    for (const name of names) copyFileSync(file('empty'), name)
    backends.push(await TursoBackend.create({ path: names[0] }))
    databases.push(openRaw(names[1]))
  }
  const inputs = memories(BULK)
  const inserters = databases.map(rowsInserter)
  const times = await inTurn(
    BULK_ROUNDS,
    (round) => backends[round].storeMemories(inputs),
    (round) => inserters[round](rows),
  )
  for (const backend of backends) await backend.disconnect()
  for (const database of databases) database.close()
  return times
}

async function singles(file, rows) {
  const names = ['ours', 'raw'].map(file)
  for (const name of names) copyFileSync(file('empty'), name)
  const backend = await TursoBackend.create({ path: names[0] })
  const database = openRaw(names[1])
  const insert = rowsInserter(database)
  const inputs = memories(BULK)
  const partOf = (list, round) => list.slice(round * SINGLES, (round + 1) * SINGLES)
  const times = await inTurn(
    SINGLE_ROUNDS,
    async (round) => {
      for (const memory of partOf(inputs, round)) await backend.storeMemory(memory)
    },
    (round) => {
      for (const row of partOf(rows, round)) insert([row])
    },
  )
  await backend.disconnect()
  database.close()
  return times
}
