import { join } from 'node:path'
import { TursoBackend } from '../../dist/index.js'
import { idAt, memories, relationships } from '../data.mjs'
import { inTurn } from '../measure.mjs'
import { below, randomOf } from '../random.mjs'
import { memoryGetter, openRawCopy, titlesGetter } from '../raw.mjs'
import { throughputRow } from '../rows.mjs'
import { section } from '../section.mjs'

const MEMORIES = 10_000
const RELATIONSHIPS = 30_000
const READS = 2_000
const ROUNDS = 21

await section(async (folder) => {
  const path = join(folder, 'get.db')
  await fill(path)
  const raw = openRawCopy(path)
  const backend = await TursoBackend.create({ path })
  const getRaw = memoryGetter(raw)
  const getRawTitles = titlesGetter(raw)
  const getRawWithTitles = (id) => ({ ...getRaw(id), relationships: getRawTitles(id) })
  const idsOf = randomIds()

  const alone = await inTurn(
    ROUNDS,
    async (round) => {
      for (const id of idsOf[round]) await backend.getMemory(id, false)
    },
    (round) => {
      for (const id of idsOf[round]) getRaw(id)
    },
  )
  const withTitles = await inTurn(
    ROUNDS,
    async (round) => {
      for (const id of idsOf[round]) await backend.getMemory(id)
    },
    (round) => {
      for (const id of idsOf[round]) getRawWithTitles(id)
    },
  )
  await backend.disconnect()
  raw.close()
  return [
    throughputRow('getMemory(id, false)', READS, alone, 0.5),
    throughputRow('getMemory(id) with relationships', READS, withTitles, 0.5),
  ]
})

async function fill(path) {
  const backend = await TursoBackend.create({ path })
  await backend.storeMemories(memories(MEMORIES, { withIds: true }))
  await backend.createRelationships(relationships(RELATIONSHIPS, MEMORIES))
  await backend.disconnect()
}

/** The ids that each round reads. */
function randomIds() {
  const random = randomOf(5)
  const idsOfRound = () => Array.from({ length: READS }, () => idAt(below(random, MEMORIES)))
  return Array.from({ length: ROUNDS + 1 }, idsOfRound)
}
