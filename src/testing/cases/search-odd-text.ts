import assert from 'node:assert/strict'
import { assertFinds, idsOf, rejectsWith } from '../assertions.js'
import { casesOf, type GraphBackendCase } from '../graph-backend-case.js'
import { note, storeSamples } from '../samples.js'

/** Texts whose signs mean something to SQL, to FTS5, to regular expressions or to JSON. */
const ODD_TEXTS = [
  '100% sure',
  'snake_case_name',
  "it's quoted",
  'say "hello" twice',
  'back\\slash path',
  'wild*card',
  'call(argument',
  'rock AND roll',
  'this OR that',
  'NOT now',
  'NEAR miss',
  'title:thing',
  'caret^top',
  'minus-sign',
  'plus+one',
  'curly{brace}',
  'square[bracket]',
  'semi;colon',
  'a.b.c dotted',
  'tilde~ and pipe|',
  'question? mark!',
  'dollar $name @name :name',
  '<b>markup</b> &amp;',
  '-- comment /* block */',
]

const ONLY_SIGNS = [...`%_'"\\*()^:-+{[;.?~|$`]

/** What text finds whose signs and letters are out of the ordinary. */
export const searchOddTextCases: readonly GraphBackendCase[] = casesOf('search', {
  'searchMemories() takes odd signs literally, each text finding itself': async (backend) => {
    await backend.storeMemories(ODD_TEXTS.map((content, at) => note(`odd-${at}`, { title: 'Odd', content })))
    for (const [at, query] of ODD_TEXTS.entries()) {
      await assertFinds(backend, { query, search_tolerance: 'strict' }, [`odd-${at}`])
      for (const search_tolerance of ['normal', 'fuzzy'] as const) {
        const hits = idsOf(await backend.searchMemories({ query, search_tolerance, match_mode: 'all' }))
        assert.ok(hits.includes(`odd-${at}`), `${search_tolerance}: ${query}`)
        await assertFinds(backend, { terms: [query], search_tolerance }, [`odd-${at}`])
      }
    }
  },

  'searchMemories() for signs alone finds just the texts that hold them': async (backend) => {
    await backend.storeMemories(ODD_TEXTS.map((content, at) => note(`odd-${at}`, { title: 'Odd', content })))
    for (const sign of ONLY_SIGNS) {
      const holding = ODD_TEXTS.flatMap((text, at) => (text.includes(sign) ? [`odd-${at}`] : []))
      for (const search_tolerance of ['strict', 'normal', 'fuzzy'] as const) {
        await assertFinds(backend, { query: sign, search_tolerance }, holding)
      }
    }
    for (const query of ['%%', '"" ""', '***', '((', '%_%', '\\%', "';--", '{}', '"("', '🦉'])
      await assertFinds(backend, { query }, [])
  },

  'searchMemories() finds Japanese, Chinese and Thai text inside longer text': async (backend) => {
    await backend.storeMemories([
      note('japanese', { title: '障害メモ', content: '本番のデータベースが遅いので索引を足した。' }),
      note('chinese', { content: '连接池可以提高数据库性能' }),
      note('thai', { content: 'ฐานข้อมูลทำงานช้า' }),
    ])
    for (const search_tolerance of ['strict', 'normal', 'fuzzy'] as const) {
      await assertFinds(backend, { query: 'データ', search_tolerance }, ['japanese'])
      await assertFinds(backend, { query: '索引', search_tolerance }, ['japanese'])
      await assertFinds(backend, { query: '数据库', search_tolerance }, ['chinese'])
      await assertFinds(backend, { query: 'ข้อมูล', search_tolerance }, ['thai'])
      await assertFinds(backend, { query: '索引 数据库', search_tolerance: 'normal' }, [
        'japanese',
        'chinese',
      ])
    }
  },

  'searchMemories() finds any part of unspaced text, the more relevant first': async (backend) => {
    await backend.storeMemories([
      note('once', { content: `${'別の話が長く続いて、'.repeat(5)}最後に索引の話。`, importance: 1 }),
      note('much', { title: '索引', content: '索引を足した。索引は速い。', importance: 0 }),
      note('tagged', { tags: ['索引'], importance: 0.1 }),
      note('mixed', { content: 'DB接続プールが枯れた。Cache gone' }),
      note('voiced', { content: 'テ\u3099ータ移行' }),
      note('other', { content: 'Index and cache' }),
    ])
    await assertFinds(backend, { query: '索引' }, ['much', 'once', 'tagged'])
    await assertFinds(backend, { query: '索引', search_tolerance: 'strict' }, ['much', 'once'])
    if (backend.capabilities.fulltext)
      assert.equal((await backend.searchMemories({ query: '索引' }))[0]?.id, 'much')
    await assertFinds(backend, { query: '接' }, ['mixed'])
    await assertFinds(backend, { query: 'た' }, ['mixed', 'much'])
    await assertFinds(backend, { query: 'db接続' }, ['mixed'])
    await assertFinds(backend, { query: 'データ' }, ['voiced'])
    const some = ['mixed', 'much', 'once', 'tagged']
    await assertFinds(backend, { query: 'データ移行 索引 cache' }, [...some, 'other', 'voiced'])
    await assertFinds(backend, { query: '接続 cache', match_mode: 'all' }, ['mixed'])
    await assertFinds(backend, { query: '接続 索引', match_mode: 'all' }, [])
    await assertFinds(backend, { query: '接続 % 索引', memory_types: ['general'] }, some)
    await backend.updateMemory({ id: 'mixed', content: 'Cache gone' })
    await backend.deleteMemory('much')
    await assertFinds(backend, { query: '接続 索引' }, ['once', 'tagged'])
  },

  'searchMemories() with strict knows the cases of every script': async (backend) => {
    const texts = {
      street: 'Die Hauptstraße ist gesperrt.',
      capital: 'DIE HAUPTSTRAẞE IST GESPERRT.',
      road: 'Ο μεγάλος οδος',
      loud: 'ΜΕΓΑΛΟΣ ΟΔΟΣ',
      moscow: 'Москва',
      size: 'Größe 5',
      signs: 'ÀÉÎ [x] ?',
    }
    await backend.storeMemories(
      Object.entries(texts).map(([id, content]) => note(id, { title: 'T', content })),
    )
    const expected: readonly (readonly [string, ...string[]])[] = [
      ['hauptstraße', 'street', 'capital'],
      ['HAUPTSTRAẞE', 'street', 'capital'],
      ['Straße ist', 'street', 'capital'],
      ['οδος', 'road', 'loud'],
      ['ΟΔΟΣ', 'road', 'loud'],
      ['οδοσ', 'road', 'loud'],
      ['ΜΟСКВА'.replace('ΜΟ', 'МО'), 'moscow'],
      ['GRÖSSE'],
      ['größe', 'size'],
      ['GRÖẞE', 'size'],
      ['àéî [X] ?', 'signs'],
      ['àéî [y] ?'],
    ]
    for (const [query, ...ids] of expected) {
      await assertFinds(backend, { query, search_tolerance: 'strict' }, ids)
    }
  },

  'searchMemories() with text orders equally good hits by id': async (backend) => {
    const same = { title: 'Same words', content: 'In the same places.' }
    await backend.storeMemories([note('c', same), note('a', { ...same, importance: 0 }), note('b', same)])
    assert.deepEqual(idsOf(await backend.searchMemories({ query: 'words' })), ['a', 'b', 'c'])
    assert.deepEqual(idsOf(await backend.searchMemories({ query: 'words', limit: 1, offset: 1 })), ['b'])
  },

  'searchMemories() with text puts the more relevant first': async (backend) => {
    if (!backend.capabilities.fulltext) return assertFinds(backend, { query: 'nowhere' }, [])
    const filler = Array.from({ length: 20 }, (_, at) =>
      note(`filler-${at}`, { content: 'A note about the gateway.' }),
    )
    await backend.storeMemories([
      ...filler,
      note('one', {
        importance: 1,
        content: 'Kafka is mentioned once, in a longer text that is about quite other things.',
      }),
      note('many', { importance: 0, title: 'Kafka gateway', content: 'Kafka, and Kafka again.' }),
    ])
    const hits = idsOf(await backend.searchMemories({ query: 'kafka gateway' }))
    assert.equal(hits[0], 'many')
    assert.ok(hits.length === 22)
  },

  'searchMemories() and recallMemories() weigh fields as boosts say': async (backend) => {
    await backend.storeMemories([
      note('title', { title: 'Kafka 索引', importance: 0 }),
      note('tags', { title: 'Other', tags: ['kafka', '索引'] }),
      note('content', { title: 'Other', content: 'Kafka 索引' }),
      ...Array.from({ length: 5 }, (_, at) => note(`filler-${at}`)),
    ])
    const none = { title: 0, summary: 0, tags: 0, content: 0 }
    for (const field of ['title', 'tags', 'content'] as const) {
      const boosts = { ...none, [field]: 100 }
      const asked = [
        { query: 'kafka', boosts },
        { query: '索引', boosts },
        { query: 'kafka', boosts, memory_types: ['general'] },
      ]
      for (const search of asked) {
        await assertFinds(backend, search, ['content', 'tags', 'title'])
        if (backend.capabilities.fulltext) assert.equal((await backend.searchMemories(search))[0]?.id, field)
      }
      if (backend.capabilities.fulltext)
        assert.equal((await backend.recallMemories('kafka?', { boosts }))[0]?.id, field)
    }
    for (const boosts of [none, { title: -1 }, { title: 101 }, { title: Number.NaN }, { titel: 1 }, 2])
      await rejectsWith('MG_VALIDATION', () =>
        backend.searchMemories({ query: 'x', boosts: boosts as never }),
      )
  },

  'searchMemories() finds words of other scripts': async (backend) => {
    const words = { korean: '메모', arabic: 'ذاكرة', hindi: 'हिन्दी', hebrew: 'זיכרון', greek: 'μνήμη' }
    for (const [id, word] of Object.entries(words)) {
      await backend.storeMemory(note(id, { content: `One ${word}, two.` }))
      await assertFinds(backend, { query: word }, [id])
      await assertFinds(backend, { query: word, search_tolerance: 'fuzzy' }, [id])
      await assertFinds(backend, { query: word, search_tolerance: 'strict' }, [id])
      assert.deepEqual(idsOf(await backend.recallMemories(`What is ${word}?`)), [id])
    }
  },

  'searchMemories() takes as much text as it says': async (backend) => {
    await storeSamples(backend)
    const found = ['gateway-timeout', 'retry-backoff']
    await assertFinds(backend, { query: `gateway ${'unheard '.repeat(240)}` }, found)
    const many = Array.from({ length: 99 }, (_, at) => `unheard${at}`)
    await assertFinds(backend, { terms: [...many, 'gateway'] }, found)
    await assertFinds(backend, { terms: [...many, 'gateway'], match_mode: 'all' }, [])
    const distinct = Array.from({ length: 400 }, (_, at) => at.toString(36))
    for (const search_tolerance of ['normal', 'fuzzy'] as const) {
      await assertFinds(
        backend,
        { query: `${distinct.join(' ')} gateways`, search_tolerance, tags: ['payment'] },
        found,
      )
      await assertFinds(backend, { query: distinct.join(' '), search_tolerance, match_mode: 'all' }, [])
    }
    await assertFinds(backend, { query: 'x'.repeat(2000), search_tolerance: 'strict' }, [])
    await assertFinds(backend, { query: 'x'.repeat(2000) }, [])
  },
})
