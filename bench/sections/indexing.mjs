import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  CREATE_OWN_TABLES,
  CREATE_TRIGGERS,
  INDEX_MEMORIES,
  INDEX_TEXTS,
} from '../../dist/backends/turso/schema.js'
import { TursoBackend } from '../../dist/index.js'
import { memories } from '../data.mjs'
import { inTurn, lagDuring, median } from '../measure.mjs'
import { openRaw } from '../raw.mjs'
import { factRow, limitRow, throughputRow } from '../rows.mjs'
import { section } from '../section.mjs'

const MEMORIES = 20_000
const ROUNDS = 3
const MAX_LAG_MS = 50

await section(async (folder) => {
  const file = (name) => join(folder, `indexing-${name}.db`)
  await makeForeignFile(file('source'))
  for (let round = 0; round <= ROUNDS; round++) {
    for (const side of ['ours', 'raw']) copyFileSync(file('source'), file(`${side}-${round}`))
  }
  const lags = []
  const times = await inTurn(
    ROUNDS,
    async (round) => lags.push(await lagDuring(() => openFirst(file(`ours-${round}`)))),
    (round) => indexAtOnce(file(`raw-${round}`)),
  )
  return [
    throughputRow('memories indexed, in slices and at once', MEMORIES, times),
    limitRow('event-loop lag meanwhile: p99', 'ms', median(lags.map(({ p99 }) => p99)), MAX_LAG_MS),
    factRow('  longest', 'ms', Math.max(...lags.map(({ max }) => max))),
  ]
})

/** A file as another program leaves it: the graph, and nothing of ours. */
async function makeForeignFile(path) {
  const backend = await TursoBackend.create({ path })
  await backend.storeMemories(memories(MEMORIES))
  await backend.disconnect()
  const database = openRaw(path)
  const ours = database
    .prepare(
      `SELECT type, name FROM sqlite_master WHERE name GLOB 'mg_*' AND sql IS NOT NULL AND name NOT GLOB 'mg_text_*'`,
    )
    .all()
  for (const type of ['trigger', 'index', 'table']) {
    for (const { name } of ours.filter((object) => object.type === type))
      database.exec(`DROP ${type} IF EXISTS ${name}`)
  }
  database.exec('VACUUM; PRAGMA wal_checkpoint(TRUNCATE)')
  database.close()
}

async function openFirst(path) {
  const backend = await TursoBackend.create({ path })
  await backend.disconnect()
}

/** What one would do without regard for the event loop. */
function indexAtOnce(path) {
  const database = openRaw(path)
  const ids = database.prepare(`SELECT json_group_array(id) FROM nodes WHERE label = 'Memory'`).raw().get()[0]
  database.exec('BEGIN IMMEDIATE')
  database.exec(CREATE_OWN_TABLES)
  database.exec(CREATE_TRIGGERS)
  database.prepare(INDEX_MEMORIES).run([ids])
  database.prepare(INDEX_TEXTS).run([ids, 0])
  database.exec('COMMIT')
  database.prepare('PRAGMA wal_checkpoint(TRUNCATE)').all()
  database.close()
}
