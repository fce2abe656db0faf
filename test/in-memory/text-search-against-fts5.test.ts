import fc from 'fast-check'
import Database from 'libsql'
import { afterAll, expect, it } from 'vitest'
import type { TermMatch } from '../../src/search/text-match.js'
import { driverWith, found, memoryRow } from './rows.js'

const WORDS =
  `happy happiness memory memories memorial memorywise running runs factory factories database cached cache connects
  connected naïve Café résumé relational conditional sky skies dies agreed hopping falling failing filing controlling
  generalization électrical logically analogy x1 v2.0 don't e-mail TCP/IP under_score C++ node.js привет école ecole a the
  authenti authentication retries retry retrying 日本`.split(/\s+/)

const database = new Database(':memory:')
database.exec(
  `CREATE VIRTUAL TABLE texts USING fts5(id UNINDEXED, title, summary, tags, content,
     tokenize="porter unicode61 remove_diacritics 2")`,
)
afterAll(() => database.close())

const word = fc.constantFrom(...WORDS)
const sentence = (maxLength: number): fc.Arbitrary<string> =>
  fc
    .tuple(fc.array(word, { minLength: 1, maxLength }), fc.constantFrom(' ', ', ', '-'))
    .map(([words, by]) => words.join(by))
const memory = fc.record({
  title: sentence(3),
  content: sentence(8),
  summary: fc.option(sentence(4)),
  tags: fc.array(
    sentence(2).map((tag) => tag.toLowerCase()),
    { maxLength: 3 },
  ),
})
const term = fc
  .tuple(sentence(2), fc.nat(3), fc.constantFrom<TermMatch>('words', 'prefix'))
  .map(([text, cut, match]) => ({
    text: text.slice(0, Math.max(1, text.length - cut)),
    match,
  }))

it('finds what FTS5 finds', async () => {
  const check = fc.asyncProperty(
    fc.array(memory, { maxLength: 12 }),
    fc.array(term, { maxLength: 12 }),
    async (memories, terms) => {
      const driver = await driverWith(memories.map((properties, at) => memoryRow(`m${at}`, properties)))
      database.exec('DELETE FROM texts')
      const insert = database.prepare('INSERT INTO texts VALUES (?, ?, ?, ?, ?)')
      memories.forEach(({ title, summary, tags, content }, at) => {
        insert.run([`m${at}`, title, summary ?? '', tags.join(' '), content])
      })
      for (const { text, match } of terms) {
        const hits = await found(driver, { text: { terms: [{ text, match }], mode: 'any' } })
        expect(hits.sort(), `${match} ${JSON.stringify(text)}`).toEqual(foundByFts5(text, match))
      }
    },
  )
  await fc.assert(check, { numRuns: 60 })
})

function foundByFts5(text: string, match: TermMatch): string[] {
  const phrase = `"${text.replaceAll('"', '""')}"`
  const query = match === 'prefix' ? `${phrase} OR ${phrase}*` : phrase
  const rows = database.prepare('SELECT id FROM texts WHERE texts MATCH ?').all([query]) as { id: string }[]
  return rows.map((row) => row.id).sort()
}
