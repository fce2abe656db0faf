import { describe, expect, it } from 'vitest'
import type { TermMatch, TextMatch } from '../../src/search/text-match.js'
import { driverWith, found, memoryRow } from './rows.js'

function text(match: TermMatch, ...terms: string[]): { text: TextMatch } {
  return { text: { mode: 'any', terms: terms.map((term) => ({ text: term, match })) } }
}

function all(match: TermMatch, ...terms: string[]): { text: TextMatch } {
  return { text: { ...text(match, ...terms).text, mode: 'all' } }
}

describe('words', () => {
  it('are found by stem, in every field, without accents and case', async () => {
    const driver = await driverWith([
      memoryRow('title', { title: 'Caching résumés' }),
      memoryRow('content', { content: 'we CACHED it' }),
      memoryRow('summary', { summary: 'a cache' }),
      memoryRow('tags', { tags: ['caches'] }),
      memoryRow('none', { content: 'cachet' }),
    ])
    expect((await found(driver, text('words', 'cache'))).sort()).toEqual([
      'content',
      'summary',
      'tags',
      'title',
    ])
    expect(await found(driver, text('words', 'RESUME'))).toEqual(['title'])
  })

  it('of one term stand one after the other within one field', async () => {
    const driver = await driverWith([
      memoryRow('phrase', { content: 'the connection pools are full' }),
      memoryRow('apart', { content: 'a pool for each connection' }),
      memoryRow('fields', { title: 'connection', summary: 'pool' }),
      memoryRow('tags', { tags: ['connection', 'pool'] }),
      memoryRow('twice', { content: 'connection connection pool' }),
    ])
    expect((await found(driver, text('words', 'connection-pool'))).sort()).toEqual([
      'phrase',
      'tags',
      'twice',
    ])
  })

  it('rank titles above tags above summaries above content', async () => {
    const driver = await driverWith([
      memoryRow('a', { content: 'redis' }),
      memoryRow('b', { summary: 'redis' }),
      memoryRow('c', { tags: ['redis'] }),
      memoryRow('d', { title: 'redis' }),
    ])
    expect(await found(driver, text('words', 'redis'))).toEqual(['d', 'c', 'b', 'a'])
  })

  it('rank memories with more of the terms first, and equals by id', async () => {
    const driver = await driverWith([
      memoryRow('b', { content: 'redis' }),
      memoryRow('a', { content: 'redis' }),
      memoryRow('c', { content: 'redis timeout' }),
    ])
    expect(await found(driver, text('words', 'redis', 'timeout'))).toEqual(['c', 'a', 'b'])
    expect(await found(driver, all('words', 'redis', 'timeout'))).toEqual(['c'])
  })

  it('that nothing holds find nothing', async () => {
    const driver = await driverWith([memoryRow('a')])
    expect(await found(driver, text('words', 'absent'))).toEqual([])
    expect(await found(driver, all('words', 'content', 'absent'))).toEqual([])
    expect(await found(driver, text('words', '!'))).toEqual([])
  })
})

describe('prefixes', () => {
  it('find longer stems, the last word only', async () => {
    const driver = await driverWith([
      memoryRow('a', { content: 'token authentication' }),
      memoryRow('b', { content: 'tokens authenticate' }),
      memoryRow('c', { content: 'tokenbucket authentication' }),
    ])
    expect((await found(driver, text('prefix', 'authent'))).sort()).toEqual(['a', 'b', 'c'])
    expect((await found(driver, text('prefix', 'token auth'))).sort()).toEqual(['a', 'b'])
  })

  it('compare stems as FTS5 does', async () => {
    const driver = await driverWith([
      memoryRow('memories', { content: 'memories' }),
      memoryRow('memorywise', { content: 'memorywise' }),
    ])
    expect(await found(driver, text('prefix', 'memory'))).toEqual(['memories'])
  })
})

describe('substrings', () => {
  it('are found in title, content and summary, not in tags', async () => {
    const driver = await driverWith([
      memoryRow('a', { title: 'Overflow' }),
      memoryRow('b', { content: 'stackOVERflow' }),
      memoryRow('c', { summary: 'overf' }),
      memoryRow('d', { tags: ['overflow'] }),
    ])
    expect((await found(driver, text('substring', 'verF'))).sort()).toEqual(['a', 'b', 'c'])
  })

  it('rank title hits first, then by importance, creation and id', async () => {
    const later = '2024-06-01T00:00:00.000000+00:00'
    const driver = await driverWith([
      memoryRow('z', { content: '%x', importance: 0.9 }),
      memoryRow('y', { content: '%x', importance: 0.5 }),
      memoryRow('w', { content: '%x', importance: 0.5 }),
      memoryRow('x', { content: '%x', importance: 0.5, created_at: later }),
      memoryRow('v', { title: '%x', importance: 0.1 }),
    ])
    expect(await found(driver, text('substring', '%x'))).toEqual(['v', 'z', 'x', 'w', 'y'])
  })

  it('can stand beside words', async () => {
    const driver = await driverWith([
      memoryRow('both', { content: 'retry 日本語' }),
      memoryRow('word', { title: 'retries' }),
      memoryRow('part', { content: '日本' }),
    ])
    const terms = [
      { text: 'retry', match: 'words' },
      { text: '日本', match: 'substring' },
    ] as const
    expect(await found(driver, { text: { mode: 'any', terms } })).toEqual(['both', 'part', 'word'])
    expect(await found(driver, { text: { mode: 'all', terms } })).toEqual(['both'])
  })
})

describe('the index', () => {
  it('follows replaced and deleted memories', async () => {
    const driver = await driverWith([
      memoryRow('a', { content: 'old words' }),
      memoryRow('b', { content: 'old' }),
    ])
    await driver.write(async (writer) => {
      await writer.putNodes([memoryRow('a', { content: 'new words' })])
      await writer.deleteNodes(['b'])
      expect(await writer.getNodes(['b'])).toEqual([])
    })
    expect(await found(driver, text('words', 'old'))).toEqual([])
    expect(await found(driver, text('words', 'new words'))).toEqual(['a'])
  })

  it('holds memories only', async () => {
    const driver = await driverWith([memoryRow('a'), { ...memoryRow('b'), label: 'Note' }])
    expect(await found(driver, text('words', 'content'))).toEqual(['a'])
    await driver.write((writer) => writer.putNodes([{ ...memoryRow('a'), label: 'Note' }]))
    expect(await found(driver, text('words', 'content'))).toEqual([])
  })
})
