import { describe, expect, it } from 'vitest'
import {
  findMemoryPath,
  type GraphBackend,
  InMemoryBackend,
  type MemoryPathSteps,
  type RelationshipFilter,
} from '../../src/index.js'
import { type DrawnEdge, draw } from '../../src/testing/drawn-graph.js'

/** A backend on which somebody deletes what is found, each time just before it is read. */
async function beset(edges: readonly DrawnEdge[], times: number): Promise<GraphBackend> {
  const real = await InMemoryBackend.create()
  await draw(real, edges)
  let left = times
  return new Proxy(real, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name, target)
      if (name !== 'listRelationships') return typeof member === 'function' ? member.bind(target) : member
      return async function* (filter: RelationshipFilter) {
        if (left-- > 0) await real.deleteRelationship(filter.ids?.[0] as string)
        yield* real.listRelationships(filter)
      }
    },
  })
}

function ids(path: MemoryPathSteps | null | undefined): string | undefined {
  return path?.relationships.map(({ id }) => id).join(' ')
}

const PARALLEL: readonly DrawnEdge[] = [1, 2, 3, 4].map((at) => [`r${at}`, 'a', 'LEADS_TO', 'b', 1 - at / 10])

describe('findMemoryPath()', () => {
  it('looks anew when what it found is deleted before it is read', async () => {
    expect(ids(await findMemoryPath(await beset(PARALLEL, 2), 'a', 'b'))).toBe('r3')
    expect(await findMemoryPath(await beset(PARALLEL.slice(0, 1), 1), 'a', 'b')).toBeNull()
  })

  it('gives up with MG_CONFLICT when that happens each time', async () => {
    await expect(findMemoryPath(await beset(PARALLEL, 3), 'a', 'b')).rejects.toMatchObject({
      code: 'MG_CONFLICT',
    })
  })

  it('leaves out other ways that are deleted before they are read', async () => {
    const backend = await InMemoryBackend.create()
    await draw(backend, [
      ['ac', 'a', 'LEADS_TO', 'c'],
      ['ab', 'a', 'LEADS_TO', 'b'],
      ['bc', 'b', 'LEADS_TO', 'c'],
    ])
    const raced = new Proxy(backend, {
      get(target, name) {
        const member: unknown = Reflect.get(target, name, target)
        if (name !== 'getMemories') return typeof member === 'function' ? member.bind(target) : member
        return async (wanted: readonly string[]) => {
          await backend.deleteMemory('b')
          return backend.getMemories(wanted)
        }
      },
    })
    expect(await findMemoryPath(raced, 'a', 'c', { alternatives: 1 })).toMatchObject({
      length: 1,
      alternatives: [],
    })
  })

  it('goes from a memory to itself in no step', async () => {
    await using backend = await InMemoryBackend.create()
    await draw(backend, PARALLEL)
    for (const weighted of [false, true])
      expect(await findMemoryPath(backend, 'a', 'a', { weighted, alternatives: 3 })).toMatchObject({
        nodes: [{ id: 'a' }],
        relationships: [],
        length: 0,
        strength: 1,
        mean_strength: null,
        alternatives: [],
      })
  })

  it('looks for other ways of four steps, of one more than the way has, or of what it is told', async () => {
    await using backend = await InMemoryBackend.create()
    const step = (from: string, to: string): DrawnEdge => [`${from}${to}`, from, 'LEADS_TO', to]
    await draw(backend, [
      step('a', 'z'),
      ...[step('a', 'b'), step('b', 'c'), step('c', 'd'), step('d', 'z')],
      ...[step('a', 'e'), step('e', 'f'), step('f', 'g'), step('g', 'h'), step('h', 'z')],
    ])
    const others = async (to: string, maxDepth?: number) => {
      const path = await findMemoryPath(backend, 'a', to, {
        direction: 'outgoing',
        alternatives: 9,
        maxDepth,
      })
      return path?.alternatives.map(ids)
    }
    expect(await others('z')).toEqual(['ab bc cd dz'])
    expect(await others('z', 5)).toEqual(['ab bc cd dz', 'ae ef fg gh hz'])
    await backend.deleteRelationship('az')
    expect(await others('z')).toEqual(['ae ef fg gh hz'])
    expect(await others('z', 4)).toEqual([])
  })

  it('finds ways that are longer than other ways are looked for', async () => {
    await using backend = await InMemoryBackend.create()
    const names = Array.from({ length: 31 }, (_, at) => `n${String(at).padStart(2, '0')}`)
    await draw(
      backend,
      names.slice(1).map((id, at): DrawnEdge => [`r${at}`, names[at] as string, 'FOLLOWS', id, 1]),
    )
    const path = await findMemoryPath(backend, 'n00', 'n30', { alternatives: 2 })
    expect([path?.length, path?.strength, path?.alternatives]).toEqual([30, 1, []])
  })
})
