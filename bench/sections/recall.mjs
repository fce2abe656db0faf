import { TursoBackend } from '../../dist/index.js'
import { graphPath } from '../graph.mjs'
import { median, percentile, timed } from '../measure.mjs'
import { randomOf, VOCABULARY, zipf } from '../random.mjs'
import { openRawCopy } from '../raw.mjs'
import { indexedHits, LIMIT } from '../raw-search.mjs'
import { durationRow, limitRow } from '../rows.mjs'
import { section } from '../section.mjs'

const QUESTIONS = 60
const ROUNDS = 5
const WORDS = 10
/** The most frequent words of the vocabulary stand for "the", "and", "of": a recall leaves them out. */
const COMMON_WORDS = 30

await section(async (folder) => {
  const backend = await TursoBackend.create({ path: graphPath(folder) })
  const database = openRawCopy(graphPath(folder))
  const bare = indexedHits(database)
  const random = randomOf(12)
  const rounds = []
  for (let round = 0; round <= ROUNDS; round++) {
    const times = { ours: [], bare: [], first: [] }
    for (let count = 0; count < QUESTIONS; count++) {
      const words = question(random)
      times.ours.push(
        await timed(() => backend.recallMemories(`What of ${words.join(' and ')}?`, { limit: LIMIT })),
      )
      times.bare.push(await timed(() => bare(words)))
    }
    rounds.push(times)
  }
  await backend.disconnect()
  database.close()
  const over = (side, share) => median(rounds.slice(1).map((times) => percentile(times[side], share)))
  return [
    durationRow(
      `recallMemories, ${WORDS} words: p50, beside the bm25 of all of them`,
      over('ours', 0.5),
      over('bare', 0.5),
      1.3,
    ),
    durationRow('  p95', over('ours', 0.95), over('bare', 0.95), 1.3),
    limitRow('  p95', 'ms', over('ours', 0.95), 60),
  ]
})

function question(random) {
  const words = new Set()
  while (words.size < WORDS) {
    const place = zipf(random)
    if (place >= COMMON_WORDS) words.add(VOCABULARY[place])
  }
  return [...words]
}
