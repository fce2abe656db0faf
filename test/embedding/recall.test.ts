import { describe, expect, it } from 'vitest'
import { hashingEmbedder, type Memory } from '../../src/index.js'
import { allEmbedded, BACKENDS, embeddingOf, note } from './embedding-backends.js'
import { hangs, ScriptedEmbedder } from './scripted-embedder.js'

const ANIMAL = /horse|pony|zebra/
/** Knows what is about animals, and what is not. */
const byMeaning = (texts: readonly string[]): number[][] =>
  texts.map((text) => (ANIMAL.test(text) ? [1, 0] : [0, 1]))

function idsOf(memories: readonly Memory[]): string[] {
  return memories.map(({ id }) => id)
}

describe.each(BACKENDS)('with an embedder, $name', ({ open }) => {
  it('recalls what is near in meaning beside what shares words', async () => {
    const backend = await open({ embedder: new ScriptedEmbedder('meaning', byMeaning) })
    await backend.storeMemories([note('a', 'My horse.'), note('b', 'A river.'), note('c', 'The pony shed.')])
    await allEmbedded(backend)
    const hits = await backend.recallMemories('Where is the pony?', { limit: 2 })
    expect(idsOf(hits)).toEqual(['c', 'a'])
    expect(hits[0]?.match_info).toMatchObject({ matched_terms: ['pony'], ranks: { text: 1 }, similarity: 1 })
    expect(hits[1]?.match_info).toMatchObject({ matched_terms: [], similarity: 1 })
    expect(idsOf(await backend.hybridSearch({ text: 'zebra', k: 2 })).sort()).toEqual(['a', 'c'])
    expect(idsOf(await backend.hybridSearch({ text: 'zebra', weights: { vector: 0 } }))).toEqual([])
  })

  it('recalls by the words alone where the embedder fails or hangs, and says so', async () => {
    const embedder = new ScriptedEmbedder('meaning', byMeaning)
    const backend = await open({ embedder, queryTimeoutMs: 50 })
    await backend.storeMemories([note('a', 'My horse.'), note('b', 'A river.')])
    await allEmbedded(backend)
    embedder.behave = hangs
    expect(idsOf(await backend.recallMemories('river'))).toEqual(['b'])
    expect((await embeddingOf(backend)).last_error).toContain('50 ms')
    expect(idsOf(await backend.transaction((tx) => tx.recallMemories('horse')))).toEqual(['a'])
  })

  it('hashing finds words that are spelled otherwise', async () => {
    const backend = await open({ embedder: hashingEmbedder() })
    await backend.storeMemories([note('a', 'Kubernetes autoscaling.'), note('b', 'The lecture on rivers.')])
    await allEmbedded(backend)
    expect(idsOf(await backend.recallMemories('kuberntes'))[0]).toBe('a')
  })
})
