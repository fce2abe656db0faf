import { AsyncResource } from 'node:async_hooks'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import {
  type GraphBackend,
  type GraphTransaction,
  importGraph,
  type RecordSource,
  TursoBackend,
} from '../../src/index.js'
import { scratchFolder } from '../support/scratch.js'

const TIME = '2026-01-01T00:00:00.000000+00:00'

/** One memory, last changed long ago. */
const old: RecordSource = {
  format: 'test',
  async *records() {
    const value = {
      id: 'a',
      type: 'general',
      title: 'Imported',
      content: 'old',
      created_at: TIME,
      updated_at: TIME,
    }
    yield { kind: 'memory', value, place: 'memory 0' }
  },
}

/** A backend that, after each look at stored nodes, gives others the time to write. */
function slowLooking(backend: GraphBackend, others: () => Promise<void>): GraphBackend {
  const slowly = <Target extends Pick<GraphTransaction, 'getNodes'>>(target: Target): Target =>
    new Proxy(target, {
      get(_, name) {
        const member: unknown = Reflect.get(target, name)
        if (typeof member !== 'function') return member
        return async (...parameters: unknown[]) => {
          const result: unknown = await member.apply(target, parameters)
          if (name === 'getNodes') await others()
          return result
        }
      },
    })
  return new Proxy(slowly(backend), {
    get: (target, name) =>
      name === 'transaction'
        ? (work: (tx: GraphTransaction) => Promise<unknown>, options: object) =>
            backend.transaction((tx) => work(slowly(tx)), options)
        : Reflect.get(target, name),
  })
}

describe('an import beside others who write', () => {
  it.each(['skip', 'newer', 'replace'] as const)(
    'never replaces what was acknowledged after it looked, with the policy %s',
    async (onConflict) => {
      const path = join(scratchFolder(), 'memory.db')
      await using backend = await TursoBackend.create({ path })
      await using other = await TursoBackend.create({ path })
      const outside = new AsyncResource('writer')
      const writes: Promise<string>[] = []
      const write = async (): Promise<void> => {
        const memory = { id: 'a', type: 'general', title: 'Written', content: 'new' }
        writes.push(outside.runInAsyncScope(() => other.storeMemory(memory)))
        await Promise.race([...writes, delay(100)])
      }
      await importGraph(slowLooking(backend, write), old, { onConflict })
      expect(await Promise.all(writes)).toEqual(['a'])
      expect(await backend.getMemory('a')).toMatchObject({ title: 'Written', content: 'new' })
    },
  )
})
