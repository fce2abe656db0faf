import { readdir } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { InMemoryBackend } from '../../src/backends/in-memory/in-memory-backend.js'
import {
  type GraphBackendCase,
  graphBackendCases,
  runGraphBackendCase,
  testGraphBackend,
} from '../../src/testing/index.js'

const failing: GraphBackendCase = {
  group: 'rig',
  name: 'fails',
  run: async () => {
    throw new Error('the case failed')
  },
}

describe('graphBackendCases', () => {
  it('holds every case of every file', async () => {
    const folder = new URL('../../src/testing/cases/', import.meta.url)
    const files = (await readdir(folder)).filter((name) => name.endsWith('.ts'))
    expect(files.length).toBeGreaterThan(20)
    const reached = new Set(graphBackendCases)
    for (const file of files) {
      const lists = Object.values(
        (await import(new URL(file, folder).href)) as Record<string, GraphBackendCase[]>,
      )
      expect(lists.length, file).toBeGreaterThan(0)
      for (const testCase of lists.flat())
        expect(reached.has(testCase), `${file}: ${testCase.name}`).toBe(true)
    }
  })

  it('names each case once, by a method', () => {
    const names = graphBackendCases.map((testCase) => testCase.name)
    expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([])
    expect(names.filter((name) => !/\(\)|^capabilities|, created_before/.test(name))).toEqual([])
  })
})

describe('testGraphBackend()', () => {
  it('registers every case with the runner it is given, and runs none by itself', () => {
    const registered: string[] = []
    let created = 0
    testGraphBackend({
      name: 'Any',
      create: () => {
        created++
        return InMemoryBackend.create()
      },
      runner: { describe: (_name, body) => body(), it: (name) => registered.push(name) },
    })
    expect(registered.toSorted()).toEqual(graphBackendCases.map(({ name }) => name).sort())
    expect(created).toBe(0)
  })
})

describe('runGraphBackendCase()', () => {
  it('disposes of every backend of a case, also when the case fails', async () => {
    const disposed: number[] = []
    let created = 0
    const create = async () => {
      const number = ++created
      return {
        backend: await InMemoryBackend.create(),
        dispose: async () => {
          disposed.push(number)
        },
      }
    }
    await runGraphBackendCase(
      { ...failing, run: async (_backend, { another }) => void (await another()) },
      create,
    )
    expect(disposed).toEqual([1, 2])
    await expect(runGraphBackendCase(failing, create)).rejects.toThrow('the case failed')
    expect(disposed).toEqual([1, 2, 3])
  })

  it('disconnects every backend on a store before it disposes of the store', async () => {
    const made: InMemoryBackend[] = []
    const make = async (): Promise<InMemoryBackend> => {
      const backend = await InMemoryBackend.create()
      made.push(backend)
      return backend
    }
    const states: string[] = []
    const dispose = async (): Promise<void> => {
      for (const backend of made) states.push((await backend.healthCheck()).status)
    }
    let given: unknown
    const run: GraphBackendCase['run'] = async (_backend, { sameStore }) => {
      given = await sameStore?.()
    }
    const create = async () => ({ backend: await make(), sameStore: make, dispose })
    await runGraphBackendCase({ ...failing, run }, create)
    expect(given).toBe(made[1])
    expect(states).toEqual(['disconnected', 'disconnected'])
    await runGraphBackendCase({ ...failing, run }, make)
    expect(given).toBeUndefined()
  })

  it('disconnects backends that come without dispose()', async () => {
    const backend = await InMemoryBackend.create()
    await runGraphBackendCase({ ...failing, run: async () => undefined }, async () => backend)
    expect((await backend.healthCheck()).status).toBe('disconnected')
  })

  it('rejects when a store cannot be disposed of, and keeps the error of the case', async () => {
    const create = async () => ({
      backend: await InMemoryBackend.create(),
      dispose: () => Promise.reject(new Error('the store is stuck')),
    })
    await expect(runGraphBackendCase({ ...failing, run: async () => undefined }, create)).rejects.toThrow(
      'stuck',
    )
    await expect(runGraphBackendCase(failing, create)).rejects.toThrow('the case failed')
  })
})
