import { setTimeout as delay } from 'node:timers/promises'
import { type GraphBackend, MemoryError } from '../../src/index.js'

/** What a thing may be in the end, several while a write of it is uncertain; `null` is that there is none. */
type Fates = Set<number | null>

type KnownRelationship = { readonly from: string; readonly to: string; fates: Fates }

/** A row of a table, its properties read. */
export type GraphRow = { readonly id: string; readonly properties: Readonly<Record<string, unknown>> }

/** Codes that say that nothing was changed. */
const REFUSALS: readonly string[] = ['MG_OFFLINE', 'MG_TRANSACTION_LOST']
const PAUSE_MS = 20
/** By how many writes the fastest writer may be ahead of the slowest. */
const LEAD = 15

/** The memory that transactions count in; joined, never deleted. */
export const COUNTER = 'the counter'

/** What several writers have written: memories by their titles, relationships by their contexts, all of which are unique. */
export class Ledger {
  /** To the `usage_count` that each may have. */
  readonly memories: Map<string, Fates> = new Map()
  /** With the `evidence_count` that each may have. */
  readonly relationships: Map<string, KnownRelationship> = new Map()
  /** Titles of memories that were stored at once. */
  readonly sets: (readonly string[])[] = []
  /** Writes that were acknowledged, whose fate is unknown, and attempts that were refused. */
  readonly counts: { acknowledged: number; uncertain: number; refused: number } = {
    acknowledged: 0,
    uncertain: 0,
    refused: 0,
  }
  /** How many writes each writer has done. */
  readonly done: number[] = []

  /** Attempts a write until it is acknowledged, or uncertain, which is `null`. */
  async attempt<Result>(write: () => Promise<Result>): Promise<{ readonly result: Result } | null> {
    for (;;) {
      try {
        const result = await write()
        this.counts.acknowledged++
        return { result }
      } catch (error) {
        if (!MemoryError.is(error)) throw error
        if (error.code === 'MG_UNCERTAIN') {
          this.counts.uncertain++
          return null
        }
        if (!REFUSALS.includes(error.code)) throw error
        this.counts.refused++ // so the same write can be tried again, and is not there twice
        await delay(PAUSE_MS)
      }
    }
  }

  /** What there is that must not be, or is not there that must be. */
  faultsIn(nodes: readonly GraphRow[], relationships: readonly GraphRow[]): string[] {
    const faults: string[] = []
    const titles = new Map<unknown, GraphRow[]>()
    for (const node of nodes) put(titles, node.properties['title'], node)
    const contexts = new Map<unknown, GraphRow[]>()
    for (const joined of relationships) put(contexts, joined.properties['context'], joined)
    for (const [title, found] of titles) {
      if (found.length > 1) faults.push(`${title} is there ${found.length} times`)
      if (title !== COUNTER && !this.memories.has(String(title))) faults.push(`${title} was never stored`)
    }
    for (const [context, found] of contexts) {
      if (found.length > 1) faults.push(`${context} is there ${found.length} times`)
      if (!this.relationships.has(String(context))) faults.push(`${context} was never created`)
    }
    for (const [title, fates] of this.memories) {
      const [found] = titles.get(title) ?? []
      faults.push(...faultOf(title, found?.properties['usage_count'], fates))
    }
    for (const [context, { from, to, fates }] of this.relationships) {
      const [found] = contexts.get(context) ?? []
      const hasEnds = titles.has(from) && titles.has(to)
      faults.push(...faultOf(context, found?.properties['evidence_count'], hasEnds ? fates : new Set([null])))
    }
    for (const set of this.sets) {
      const present = set.filter((title) => titles.has(title)).length
      if (present > 0 && present < set.length) faults.push(`of ${set.join(', ')} there are ${present}`)
    }
    return [...faults, ...this.#countingFaults(titles)]
  }

  /** Each memory that was stored together with a step of the counter is one step. */
  #countingFaults(titles: ReadonlyMap<unknown, readonly GraphRow[]>): string[] {
    const steps = [...titles.keys()].filter((title) => String(title).endsWith(' step')).length
    const counted = titles.get(COUNTER)?.[0]?.properties['usage_count']
    return counted === steps ? [] : [`the counter is at ${counted} after ${steps} steps`]
  }
}

function put(rows: Map<unknown, GraphRow[]>, key: unknown, row: GraphRow): void {
  rows.set(key, [...(rows.get(key) ?? []), row])
}

function faultOf(name: string, found: unknown, fates: Fates): string[] {
  const value = typeof found === 'number' ? found : null
  return fates.has(value) ? [] : [`${name} is ${value} instead of ${[...fates].map(String).join(' or ')}`]
}

type Known = { readonly id: string; readonly key: string }

/** A client that writes whatever comes to its mind, to things of its own and to the counter that all share. */
export class ChaosWriter {
  readonly #backend: GraphBackend
  readonly #ledger: Ledger
  readonly #name: string
  readonly #place: number
  readonly #random: () => number
  /** Those that are there for certain. */
  #memories: Known[] = []
  #relationships: Known[] = []
  #last = 0

  constructor(backend: GraphBackend, ledger: Ledger, name: string, random: () => number) {
    this.#backend = backend
    this.#ledger = ledger
    this.#name = name
    this.#random = random
    this.#place = ledger.done.push(0) - 1
  }

  /** Writes so many times, without getting far ahead of the others. */
  async write(times: number): Promise<void> {
    const { done } = this.#ledger
    for (let at = 0; at < times; at++) {
      while (at > Math.min(...done) + LEAD) await delay(PAUSE_MS)
      await this.#writeSomething(this.#random())
      done[this.#place] = at + 1
    }
  }

  async #writeSomething(choice: number): Promise<void> {
    const known = this.#any(this.#memories)
    const joined = this.#any(this.#relationships)
    if (choice < 0.3 || known === undefined) return this.#store(undefined)
    if (choice < 0.4) return this.#store(`${this.#name}-${++this.#last}`)
    if (choice < 0.45) return this.#storeSet()
    if (choice < 0.6) return this.#update(known)
    if (choice < 0.75) return this.#join(known)
    if (choice < 0.82 && joined !== undefined) return this.#strengthen(joined)
    if (choice < 0.92) return this.#step()
    return this.#delete(known)
  }

  async #store(id: string | undefined): Promise<void> {
    const memory = { ...this.#memory('memory'), id }
    const { memories } = this.#ledger
    const stored = await this.#ledger.attempt(() => this.#backend.storeMemory(memory))
    memories.set(memory.title, new Set(stored ? [0] : [0, null]))
    if (stored) this.#memories.push({ id: stored.result, key: memory.title })
  }

  async #storeSet(): Promise<void> {
    const set = [this.#memory('of a set'), this.#memory('of a set'), this.#memory('of a set')]
    const titles = set.map(({ title }) => title)
    const stored = await this.#ledger.attempt(() => this.#backend.storeMemories(set))
    for (const title of titles) this.#ledger.memories.set(title, new Set(stored ? [0] : [0, null]))
    this.#ledger.sets.push(titles) // none of which is ever deleted
  }

  async #update({ id, key }: Known): Promise<void> {
    const value = ++this.#last
    const updated = await this.#ledger.attempt(() =>
      this.#backend.updateMemory({ id, usage_count: value, summary: `${value}` }),
    )
    if (updated?.result === false) throw new Error(`${key} is gone`)
    const before = this.#ledger.memories.get(key) ?? []
    this.#ledger.memories.set(key, new Set(updated ? [value] : [...before, value]))
  }

  async #join(from: Known): Promise<void> {
    const other = this.#any(this.#memories)
    const to = other === undefined || other === from ? { id: COUNTER, key: COUNTER } : other
    const key = `${this.#name} ${++this.#last} joined`
    const properties = { context: key, evidence_count: 1 }
    const created = await this.#ledger.attempt(() =>
      this.#backend.createRelationship(from.id, to.id, 'RELATED_TO', properties),
    )
    const fates: Fates = new Set(created ? [1] : [1, null])
    this.#ledger.relationships.set(key, { from: from.key, to: to.key, fates })
    if (created) this.#relationships.push({ id: created.result, key })
  }

  async #strengthen({ id, key }: Known): Promise<void> {
    const value = ++this.#last
    const updated = await this.#ledger.attempt(() =>
      this.#backend.updateRelationshipProperties(id, { evidence_count: value }),
    )
    const known = this.#ledger.relationships.get(key)
    if (known === undefined || updated?.result === false) return // it went with one of its ends
    known.fates = new Set(updated ? [value] : [...known.fates, value])
  }

  async #step(): Promise<void> {
    const memory = this.#memory('step')
    const stored = await this.#ledger.attempt(() =>
      this.#backend.transaction(async (tx) => {
        const count = (await tx.getMemory(COUNTER, false))?.usage_count ?? 0
        await tx.storeMemory(memory)
        await tx.updateMemory({ id: COUNTER, usage_count: count + 1 })
      }),
    )
    this.#ledger.memories.set(memory.title, new Set(stored ? [0] : [0, null]))
  }

  async #delete(known: Known): Promise<void> {
    const deleted = await this.#ledger.attempt(() => this.#backend.deleteMemory(known.id))
    if (deleted?.result === false) throw new Error(`${known.key} is gone`)
    const before = this.#ledger.memories.get(known.key) ?? []
    this.#ledger.memories.set(known.key, new Set(deleted ? [null] : [...before, null]))
    this.#memories = this.#memories.filter((memory) => memory !== known)
  }

  #memory(what: string): { type: 'general'; title: string; content: string } {
    const title = `${this.#name} ${++this.#last} ${what}`
    return { type: 'general', title, content: `All about ${title}` }
  }

  #any(things: readonly Known[]): Known | undefined {
    return things[Math.floor(this.#random() * things.length)]
  }
}
