import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import type { GraphRunOptions, GraphView } from '../../../src/graph/graph-view.js'
import { createGraphView } from '../../../src/graph/view/source-view.js'
import { graphOf, greatSource, idOf, PlainSource } from './plain-source.js'

type Call = (view: GraphView, options: GraphRunOptions) => Promise<unknown>
type Progress = { done: number; total: number | null; phase: string }

const CALLS: { [method: string]: Call } = {
  load: (view, options) => view.load(options),
  graphology: (view, options) => view.graphology(options),
  neighbors: (view, options) => view.neighbors(idOf(0), 100, options),
  breadthFirst: (view, options) => view.breadthFirst(idOf(0), () => {}, options),
  depthFirst: (view, options) => view.depthFirst(idOf(0), () => {}, options),
  shortestPath: (view, options) => view.shortestPath(idOf(0), idOf(1), options),
  allPaths: (view, options) => view.allPaths(idOf(0), idOf(1), options),
  components: (view, options) => view.components(options),
  communities: (view, options) => view.communities(options),
  centrality: (view, options) => view.centrality('closeness', { samples: 30, ...options }),
  pageRank: (view, options) => view.pageRank(options),
  bridges: (view, options) => view.bridges(options),
  cycles: (view, options) => view.cycles({ maxLength: 3, ...options }),
  topologicalOrder: (view, options) => view.topologicalOrder('CAUSES', options),
  metrics: (view, options) => view.metrics(options),
  similarNodes: (view, options) => view.similarNodes(idOf(0), options),
}
const ABORTED = { name: 'MemoryError', code: 'MG_ABORTED', cause: 'enough' }

const great = greatSource()

describe.each(Object.entries(CALLS))('%s()', (method, call) => {
  it('does not begin when it was stopped before', async () => {
    const source = new PlainSource(graphOf([['a', 'b']]))
    source.known = []
    const stopped = call(createGraphView(source), { signal: AbortSignal.abort('enough') })
    await expect(stopped).rejects.toMatchObject(ABORTED)
    expect(source.asked).toBe(0)
  })

  it('is stopped while it reads what is stored', async () => {
    const controller = new AbortController()
    const source = new PlainSource(great.stored)
    source.snapshot = async () => {
      controller.abort('enough')
      return great.stored
    }
    await expect(call(createGraphView(source), { signal: controller.signal })).rejects.toMatchObject(ABORTED)
  })

  it('tells at the end that all is done', async () => {
    const told: Progress[] = []
    await call(createGraphView(great), { onProgress: (progress) => told.push(progress) })
    const { done, total, phase } = told.at(-1) as Progress
    expect(phase).toBe(method)
    expect(done).toBe(total)
    expect(told.filter((progress) => progress.phase !== method)).toEqual([])
  })

  it('fails by what is thrown where its progress is told', async () => {
    const fault = new RangeError('enough')
    const onProgress = (): never => {
      throw fault
    }
    await expect(call(createGraphView(great), { onProgress })).rejects.toBe(fault)
  })
})

describe('long work', () => {
  const betweenness: Call = (view, options) => view.centrality('betweenness', { samples: null, ...options })

  it('tells now and then how far it is', async () => {
    const told: Progress[] = []
    const controller = new AbortController()
    const onProgress = (progress: Progress): void => {
      told.push(progress)
      if (told.length === 4) controller.abort('enough')
    }
    const work = betweenness(createGraphView(great), { onProgress, signal: controller.signal })
    await expect(work).rejects.toMatchObject(ABORTED)
    expect(told).toHaveLength(4)
    for (const { total, phase } of told)
      expect([total, phase]).toEqual([great.stored.graph.order, 'centrality'])
    const counts = told.map(({ done }) => done)
    expect(new Set(counts).size).toBe(4)
    expect(counts).toEqual(counts.toSorted((a, b) => a - b))
  })

  it('is stopped at once', async () => {
    const controller = new AbortController()
    const work = betweenness(createGraphView(great), { signal: controller.signal })
    const stopped = expect(work).rejects.toMatchObject(ABORTED)
    await delay(300)
    controller.abort('enough')
    const first = await Promise.race([stopped.then(() => 'stopped'), delay(1_000).then(() => 'late')])
    expect(first).toBe('stopped')
  })

  it('fails by what is thrown while its progress is told', async () => {
    let told = 0
    const onProgress = (): void => {
      if (++told === 2) throw new RangeError('enough')
    }
    await expect(betweenness(createGraphView(great), { onProgress })).rejects.toThrow(RangeError)
    await delay(200)
    expect(told).toBe(2)
  })

  it.each(['breadthFirst', 'depthFirst'] as const)('of a visitor of %s() is stopped by it', async (walk) => {
    const controller = new AbortController()
    let visited = 0
    const visit = (): void => {
      if (++visited === 10) controller.abort('enough')
    }
    const { signal } = controller
    await expect(createGraphView(great)[walk](idOf(0), visit, { signal })).rejects.toMatchObject(ABORTED)
    expect(visited).toBe(10)
  })
})
