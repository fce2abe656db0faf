import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import type { Worker } from 'node:worker_threads'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { GraphTaskName, GraphTaskOptions } from '../../../src/graph/tasks/graph-task.js'
import { GRAPH_TASKS } from '../../../src/graph/tasks/graph-tasks.js'
import { runTask } from '../../../src/graph/tasks/run-task.js'
import { MOST_AT_ONCE, TaskThreads } from '../../../src/graph/tasks/task-threads.js'
import { createGraphView } from '../../../src/graph/view/source-view.js'
import { graphOf, greatSource, idOf, viewOf } from './plain-source.js'

const { graph } = greatSource().stored
const view = createGraphView(greatSource())
const ALL = { direction: 'both', samples: null, seed: 1, limit: null } as const
const FEW = { ...ALL, samples: 3 }

/** Work in a thread: with all nodes it takes minutes. */
function start(
  threads: TaskThreads,
  options: GraphTaskOptions<'betweenness'>,
  signal?: AbortSignal,
): Promise<unknown> {
  const request = { name: 'betweenness', graph, graphNumber: 1, options, isWatched: false } as const
  return threads.run(request, { signal })
}

function aborting(): AbortController {
  const controller = new AbortController()
  onTestFinished(() => controller.abort())
  return controller
}

/** The threads that are started from now on, while the test runs. */
function startedThreads(): Worker[] {
  const started: Worker[] = []
  const note = (worker: Worker): number => started.push(worker)
  process.on('worker', note)
  onTestFinished(() => void process.off('worker', note))
  return started
}

describe('work on a graph', () => {
  it('is done in place where it is short', async () => {
    const started = startedThreads()
    const small = viewOf(Array.from({ length: 50 }, (_, at) => [idOf(at), idOf(at + 1)] as const))
    await small.pageRank()
    await small.communities()
    await small.centrality('betweenness')
    await small.allPaths(idOf(0), idOf(4))
    await small.cycles()
    expect(started).toHaveLength(0)
  })

  it('lets timers have their turn where it is long', async () => {
    let turns = 0
    const timer = setInterval(() => turns++, 1)
    const work = view.centrality('betweenness', { samples: 200 })
    const least = 20
    while (turns < least) await delay(1)
    clearInterval(timer)
    expect(await Promise.race([work.then(() => 'done'), delay(0).then(() => 'running')])).toBe('running')
    expect(await work).toHaveLength(graph.order)
  })

  const options: { [Name in GraphTaskName]: GraphTaskOptions<Name> } = {
    steps: { direction: 'incoming' },
    shortestPath: { from: 0, to: 9, direction: 'both', weighted: true, maxDepth: null },
    allPaths: { from: 0, to: 9, direction: 'both', maxDepth: 7, limit: 5 },
    components: { strong: true },
    communities: { seed: 5, resolution: 1 },
    degree: { limit: null },
    closeness: { ...ALL, samples: 10 },
    betweenness: { ...ALL, samples: 10, limit: 10 },
    pageRank: {
      direction: 'outgoing',
      damping: 0.85,
      weighted: true,
      seeds: { nodes: Int32Array.of(1, 2), weights: Float64Array.of(1, 0.5) },
      limit: null,
    },
    bridges: {},
    cycles: { direction: 'incoming', maxLength: 4, limit: 20 },
    topologicalOrder: { type: null, direction: 'outgoing' },
    similarNodes: { node: 5, limit: 10 },
    metrics: {},
  }

  it.each(Object.entries(options) as [GraphTaskName, never][])(
    'has the same result in a thread: %s',
    async (name, given) => {
      const threads = new TaskThreads(0)
      const request = { name, graph, graphNumber: 1, options: given, isWatched: false }
      const once = await threads.run(request, {})
      expect(once).toEqual(GRAPH_TASKS[name](graph, given))
      expect(await runTask(name, graph, given)).toEqual(once)
      expect(await runTask(name, graph, given)).toEqual(once)
    },
  )

  it('does not wait for other work', async () => {
    const controller = aborting()
    const long = view.centrality('betweenness', { samples: null, signal: controller.signal })
    const stopped = expect(long).rejects.toMatchObject({ code: 'MG_ABORTED' })
    expect(await view.pageRank({ limit: 1 })).toHaveLength(1)
    controller.abort()
    await stopped
  })
})

describe('threads', () => {
  it('take one task after the other, and end when there is none', async () => {
    const started = startedThreads()
    const threads = new TaskThreads(300)
    const first = await start(threads, FEW)
    expect(await start(threads, FEW)).toEqual(first)
    expect(started).toHaveLength(1)
    await once(started[0] as Worker, 'exit')
    expect(await start(threads, FEW)).toEqual(first)
    expect(started).toHaveLength(2)
  })

  it('work on another graph than before', async () => {
    const threads = new TaskThreads()
    const request = { name: 'components', options: { strong: false }, isWatched: false } as const
    const small = graphOf([['a', 'b']], ['c']).graph
    const watch = {}
    const great = await threads.run({ ...request, graph, graphNumber: 1 }, watch)
    expect(await threads.run({ ...request, graph: small, graphNumber: 2 }, watch)).toEqual({
      starts: Int32Array.of(0, 2, 3),
      nodes: Int32Array.of(0, 1, 2),
    })
    expect(await threads.run({ ...request, graph, graphNumber: 1 }, watch)).toEqual(great)
  })

  it('end when they are stopped, and others take their place', async () => {
    const started = startedThreads()
    const threads = new TaskThreads()
    const controller = aborting()
    const work = expect(start(threads, ALL, controller.signal)).rejects.toMatchObject({ code: 'MG_ABORTED' })
    await delay(100)
    const ended = once(started[0] as Worker, 'exit')
    controller.abort()
    await work
    await ended
    await start(threads, FEW)
    expect(started).toHaveLength(2)
  })

  it('that die fail their task clearly, and others take their place', async () => {
    const started = startedThreads()
    const threads = new TaskThreads()
    const work = start(threads, ALL)
    const failed = expect(work).rejects.toMatchObject({
      name: 'BackendError',
      code: 'MG_INTERNAL',
      message: expect.stringMatching(/^The thread that worked on the graph ended \(code \d\): try again/),
    })
    await delay(100)
    await started[0]?.terminate()
    await failed
    expect(await start(threads, FEW)).toBeDefined()
    await started[1]?.terminate()
    expect(await start(threads, FEW)).toBeDefined()
    expect(started).toHaveLength(3)
  })

  it('that cannot do their task say why', async () => {
    const threads = new TaskThreads()
    const request = { name: 'nothing' as GraphTaskName, graph, graphNumber: 1, options: {}, isWatched: false }
    await expect(threads.run(request, {})).rejects.toMatchObject({
      name: 'BackendError',
      code: 'MG_INTERNAL',
      message: expect.stringMatching(/^The thread that worked on the graph failed: .+/),
      cause: expect.any(TypeError),
    })
    expect(await start(threads, FEW)).toBeDefined()
  })

  it('listen to a signal once, however many tasks share it', async () => {
    const threads = new TaskThreads()
    const controller = aborting()
    const warnings: Error[] = []
    const note = (warning: Error): number => warnings.push(warning)
    process.on('warning', note)
    onTestFinished(() => void process.off('warning', note))
    const tasks = Array.from({ length: 30 }, () =>
      start(threads, ALL, controller.signal).catch((error: { code: string }) => error.code),
    )
    await delay(20)
    controller.abort()
    expect(new Set(await Promise.all(tasks))).toEqual(new Set(['MG_ABORTED']))
    expect(warnings).toEqual([])
  })

  it('are only so many: more work waits for its turn, and can be stopped meanwhile', async () => {
    const started = startedThreads()
    const threads = new TaskThreads()
    const controllers = Array.from({ length: MOST_AT_ONCE }, aborting)
    const long = controllers.map(({ signal }) =>
      expect(start(threads, ALL, signal)).rejects.toMatchObject({ code: 'MG_ABORTED' }),
    )
    const impatient = aborting()
    const stopped = start(threads, FEW, impatient.signal)
    const waiting = [start(threads, FEW), start(threads, FEW)]
    await delay(50)
    impatient.abort('enough')
    await expect(stopped).rejects.toMatchObject({ code: 'MG_ABORTED', cause: 'enough' })
    expect(started).toHaveLength(MOST_AT_ONCE)
    controllers[0]?.abort()
    const [one, other] = await Promise.all(waiting)
    expect(one).toEqual(other)
    expect(started).toHaveLength(MOST_AT_ONCE + 1)
    for (const controller of controllers) controller.abort()
    await Promise.all(long)
  })
})

it('a graph whose arrays threads cannot share is worked on all the same', async () => {
  const { from, to, type, strength } = graph
  const own = { from: from.slice(), to: to.slice(), type: type.slice(), strength: strength.slice() }
  const options = { direction: 'outgoing', damping: 0.85, weighted: false, seeds: null, limit: null } as const
  expect(own.from.buffer).toBeInstanceOf(ArrayBuffer)
  const ranks = await runTask('pageRank', { ...graph, ...own }, options)
  expect(ranks).toEqual(await runTask('pageRank', graph, options))
  expect(own.from).toEqual(from)
})
