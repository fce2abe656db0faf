import fc from 'fast-check'
import { expect, it } from 'vitest'
import { InMemoryBackend } from '../../src/backends/in-memory/in-memory-backend.js'
import { TursoBackend } from '../../src/backends/turso/turso-backend.js'
import { operations, performOn } from '../support/random-operations.js'

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/g

/** Makes what two backends answer comparable: generated ids by their order of appearance, generated times left out. */
function comparer(): (answer: unknown) => unknown {
  const names = new Map<string, string>()
  const named = (id: string): string => {
    if (!names.has(id)) names.set(id, `generated-${names.size}`)
    return names.get(id) as string
  }
  return (answer) =>
    JSON.parse(JSON.stringify(answer ?? null).replace(UUID, named), (key, value) => {
      if (key === 'updated_at') return undefined
      if (key === 'relationships' && value !== null) return sortedLists(value)
      return typeof value === 'number' ? Number(value.toFixed(9)) : value
    })
}

/** Titles of one type have no order where relationships are equally strong. */
function sortedLists(lists: { readonly [type: string]: readonly string[] }): unknown {
  return Object.fromEntries(Object.entries(lists).map(([type, titles]) => [type, titles.toSorted()]))
}

it('Two backends given the same operations answer the same', { timeout: 120_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(operations, async (steps) => {
      const [turso, memory] = [
        await TursoBackend.create({ path: ':memory:' }),
        await InMemoryBackend.create(),
      ]
      const [ofTurso, ofMemory] = [comparer(), comparer()]
      try {
        for (const [at, step] of steps.entries()) {
          const answers = await Promise.all([performOn(turso, step), performOn(memory, step)])
          expect(ofTurso(answers[0]), `step ${at}: ${JSON.stringify(step)}`).toEqual(ofMemory(answers[1]))
        }
      } finally {
        await Promise.all([turso.disconnect(), memory.disconnect()])
      }
    }),
    { numRuns: 120, interruptAfterTimeLimit: 60_000, markInterruptAsFailure: false },
  )
})
