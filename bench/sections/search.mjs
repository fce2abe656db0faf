import assert from 'node:assert/strict'
import { MEMORY_TYPES, TursoBackend } from '../../dist/index.js'
import { PROJECTS, TAGS } from '../data.mjs'
import { graphPath } from '../graph.mjs'
import { median, percentile, timed } from '../measure.mjs'
import { oneOf, randomOf, VOCABULARY, zipf } from '../random.mjs'
import { openRawCopy } from '../raw.mjs'
import { indexedSearch, LIMIT, scannedSearch } from '../raw-search.mjs'
import { durationRow, rawDurationRow } from '../rows.mjs'
import { section } from '../section.mjs'

const SEARCHES = 60
const ROUNDS = 7
const SCANS = 5
/** The most frequent words of the vocabulary stand for "the", "and", "of": nobody looks for them. */
const COMMON_WORDS = 30

/** For each kind of search: what it looks for, at random, and how the library is asked for it. */
const KINDS = {
  text: {
    name: 'two words',
    pick: (random) => [word(random), word(random)],
    query: (values) => ({ query: values.join(' ') }),
  },
  tag: { name: 'tag', pick: (random) => [TAGS[zipf(random, TAGS.length)]], query: (tags) => ({ tags }) },
  project: {
    name: 'project',
    pick: (random) => [oneOf(random, PROJECTS)],
    query: ([project]) => ({ project_path: project }),
  },
  type: {
    name: 'type',
    pick: (random) => [oneOf(random, MEMORY_TYPES)],
    query: (types) => ({ memory_types: types }),
  },
  all: { name: 'no filter', pick: () => [], query: () => ({}) },
}

await section(async (folder) => {
  const backend = await TursoBackend.create({ path: graphPath(folder) })
  const database = openRawCopy(graphPath(folder))
  const rows = []
  for (const [kind, { name, pick, query }] of Object.entries(KINDS)) {
    const ours = (values) => backend.searchMemories({ ...query(values), limit: LIMIT })
    const raw = indexedSearch(database, kind)
    await checkSameHits(ours, raw, pick)
    rows.push(...comparison(name, await measure(ours, raw, pick)), await scan(database, kind, pick))
  }
  await backend.disconnect()
  database.close()
  return rows
})

function word(random) {
  for (;;) {
    const place = zipf(random)
    if (place >= COMMON_WORDS) return VOCABULARY[place]
  }
}

/** That both sides do the same job: the same memories in the same order, with as many related titles. */
async function checkSameHits(ours, raw, pick) {
  const random = randomOf(6)
  for (let search = 0; search < 10; search++) {
    const values = pick(random)
    const [expected, found] = [raw(values), await ours(values)]
    assert.deepEqual(
      found.map((hit) => [hit.id, Object.values(hit.relationships).flat().length]),
      expected.map((hit) => [hit.id, hit.relationships.length]),
      `Both sides find the same by ${JSON.stringify(values)}`,
    )
  }
}

/** Search by search in turn; each round looks for other things. */
async function measure(ours, raw, pick) {
  const random = randomOf(7)
  const rounds = []
  for (let round = 0; round <= ROUNDS; round++) {
    const times = { ours: [], raw: [] }
    for (let search = 0; search < SEARCHES; search++) {
      const values = pick(random)
      times.ours.push(await timed(() => ours(values)))
      times.raw.push(await timed(() => raw(values)))
    }
    rounds.push(times)
  }
  return rounds.slice(1)
}

function comparison(name, rounds) {
  const over = (side, share) => median(rounds.map((times) => percentile(times[side], share)))
  return [
    durationRow(`searchMemories, ${name}: p50`, over('ours', 0.5), over('raw', 0.5), 1.5),
    durationRow('  p95', over('ours', 0.95), over('raw', 0.95), 1.5),
  ]
}

async function scan(database, kind, pick) {
  const random = randomOf(8)
  const search = scannedSearch(database, kind)
  const times = []
  for (let count = 0; count < SCANS; count++) times.push(await timed(() => search(pick(random))))
  return rawDurationRow('  without our indexes: p50', median(times))
}
