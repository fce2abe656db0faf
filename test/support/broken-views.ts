import type { GraphBackend, GraphOptions } from '../../src/backends/graph-backend.js'
import { MemoryError, NotSupportedError } from '../../src/errors.js'
import type { GraphView, GraphVisitor } from '../../src/graph/graph-view.js'
import { RELATIONSHIP_TYPES } from '../../src/index.js'
import { SYMMETRIC_TYPES } from '../../src/model/relationship-type.js'
import type { BrokenBackend } from './broken-backends.js'

type Method = Exclude<keyof GraphView, 'direction'>
type Answer = (...given: unknown[]) => Promise<unknown>

/** A view with some of its methods put in place of its own. */
function viewWith(view: GraphView, overrides: { readonly [Name in Method]?: unknown }): GraphView {
  return new Proxy(view, {
    get(target, name) {
      if (Object.hasOwn(overrides, name)) return overrides[name as Method]
      const member: unknown = Reflect.get(target, name, target)
      return typeof member === 'function' ? member.bind(target) : member
    },
  })
}

/** Backends whose views have some methods put in place of their own. */
function viewing(
  overridesOf: (view: GraphView, real: GraphBackend) => { readonly [Name in Method]?: unknown },
): BrokenBackend['break'] {
  return (real) => ({
    graph: async (options) => {
      const view = await real.graph(options)
      return viewWith(view, overridesOf(view, real))
    },
  })
}

/** Backends whose graph() checks its options and then sees something else. */
function seeing(change: (options: GraphOptions) => GraphOptions): BrokenBackend['break'] {
  return (real) => ({
    graph: async (options = {}) => {
      await real.graph(options)
      return real.graph(change(options))
    },
  })
}

function answerOf(view: GraphView, method: Method): Answer {
  return (view[method] as Answer).bind(view)
}

const METHODS: readonly Method[] = [
  'load',
  'graphology',
  'neighbors',
  'shortestPath',
  'allPaths',
  'components',
  'communities',
  'centrality',
  'pageRank',
  'bridges',
  'cycles',
  'topologicalOrder',
  'metrics',
  'similarNodes',
]

/** Views that answer by what an answer before was, in the way that `ask` says. */
function remembering(ask: (answer: () => Promise<unknown>, before: unknown) => Promise<unknown>) {
  return viewing((view) => {
    const before = new Map<string, unknown>()
    const remembered = (method: Method) => [
      method,
      async (...given: unknown[]) => {
        const call = `${method} ${JSON.stringify(given)}`
        const answer = await ask(() => answerOf(view, method)(...given), before.get(call))
        before.set(call, answer)
        return answer
      },
    ]
    return Object.fromEntries(METHODS.map(remembered))
  })
}

/** What a method takes, by the place of its options, that a view can ignore. */
const IGNORED: readonly [method: Method, place: number, option: string][] = [
  ['neighbors', 2, 'signal'],
  ['neighbors', 2, 'unheard'],
  ['shortestPath', 2, 'weighted'],
  ['shortestPath', 2, 'maxDepth'],
  ['allPaths', 2, 'maxDepth'],
  ['allPaths', 2, 'limit'],
  ['components', 0, 'strong'],
  ['components', 0, 'signal'],
  ['components', 0, 'onProgress'],
  ['communities', 0, 'resolution'],
  ['centrality', 1, 'limit'],
  ['pageRank', 0, 'seeds'],
  ['pageRank', 0, 'damping'],
  ['pageRank', 0, 'weighted'],
  ['pageRank', 0, 'limit'],
  ['cycles', 0, 'maxLength'],
  ['cycles', 0, 'limit'],
  ['similarNodes', 1, 'limit'],
]

const GROUPS: { readonly [Name in Method]?: string } = {
  shortestPath: 'graph paths',
  allPaths: 'graph paths',
  components: 'graph structure',
  cycles: 'graph structure',
  topologicalOrder: 'graph structure',
  communities: 'graph ranks',
  centrality: 'graph ranks',
  pageRank: 'graph ranks',
  similarNodes: 'graph ranks',
}

const IGNORED_BY_GRAPH = [
  'start',
  'maxDepth',
  'relationshipTypes',
  'direction',
  'asOf',
  'minStrength',
  'maxNodes',
  'maxEdges',
] as const

function isOf(code: string, error: unknown): boolean {
  return MemoryError.is(error) && error.code === code
}

/** Views that answer all the same where they should reject with a code. */
function answeringDespite(code: string): BrokenBackend['break'] {
  return remembering((answer, before) =>
    answer().catch((error: unknown) => {
      if (!isOf(code, error)) throw error
      return before
    }),
  )
}

/** Faults of views of the graph. */
export const BROKEN_VIEWS: readonly BrokenBackend[] = [
  ...IGNORED_BY_GRAPH.map(
    (option): BrokenBackend => ({
      fault: `ignores ${option} in graph()`,
      group: 'graph parts',
      break: seeing((options) => ({
        ...options,
        [option]: undefined,
        ...(option === 'start' && { maxDepth: undefined }),
      })),
    }),
  ),
  ...IGNORED.map(([method, place, option]): BrokenBackend => {
    const isOfRuns = ['signal', 'onProgress', 'unheard'].includes(option)
    return {
      fault: `ignores ${option === 'unheard' ? 'unknown options' : option} in ${method}() of a view`,
      group: isOfRuns ? 'graph states' : (GROUPS[method] as string),
      break: viewing((view) => ({
        [method]: async (...given: unknown[]) => {
          const options = given[place] as object | null | undefined
          if (option === 'unheard') return answerOf(view, method)(...given.slice(0, place))
          if (!isOfRuns) await answerOf(view, method)(...given)
          given[place] = options && { ...options, [option]: undefined }
          return answerOf(view, method)(...given)
        },
      })),
    }
  }),
  {
    fault: 'refuses what it declares that it can do',
    group: 'refusals',
    noticedBy: 'graph() is refused',
    break: () => ({ graph: () => Promise.reject(new NotSupportedError('no graph')) }),
  },
  {
    fault: 'answers by what a view saw when it was asked before',
    group: 'graph changes',
    break: remembering(async (answer, before) => before ?? answer()),
  },
  {
    fault: 'sees what a view around a start saw before',
    group: 'graph changes',
    noticedBy: 'graph() sees what was stored',
    break: (real) => ({
      graph: async (options) => {
        const view = await real.graph(options)
        if (!options?.start) return view
        const before = new Map<unknown, unknown>()
        const neighbors = async (id: string, depth?: number): Promise<unknown> => {
          if (!before.has(id)) before.set(id, await view.neighbors(id, depth))
          return before.get(id)
        }
        return viewWith(view, { neighbors })
      },
    }),
  },
  {
    fault: 'makes a graphology graph each time that it is asked for one',
    group: 'graph projection',
    break: viewing((view) => ({ graphology: async () => (await view.graphology()).copy() })),
  },
  {
    fault: 'answers questions of a view inside a transaction',
    group: 'graph states',
    break: answeringDespite('MG_IN_TRANSACTION'),
  },
  {
    fault: 'answers questions of a view after disconnect()',
    group: 'graph states',
    break: answeringDespite('MG_NOT_CONNECTED'),
  },
  {
    fault: 'relates memories in another way once the graph was loaded',
    group: 'graph changes',
    noticedBy: 'getRelatedMemories() answers the same',
    break: (real) => {
      let isLoaded = false
      return {
        graph: async (options) => {
          const view = await real.graph(options)
          const load = async (): Promise<unknown> => {
            isLoaded = true
            return view.load()
          }
          return viewWith(view, { load })
        },
        getRelatedMemories: async (id, options) => {
          const related = await real.getRelatedMemories(id, options)
          return isLoaded ? related.reverse() : related
        },
      }
    },
  },
  {
    fault: 'shows the graph outside of a scope',
    group: 'graph scopes',
    break: (real) => ({
      scoped: (scope) => {
        const view = real.scoped(scope)
        return new Proxy(view, {
          get(target, name) {
            if (name === 'graph') return real.graph.bind(real)
            const member: unknown = Reflect.get(target, name, target)
            return typeof member === 'function' ? member.bind(target) : member
          },
        })
      },
    }),
  },
  {
    fault: 'ignores scope in graph()',
    group: 'graph scopes',
    break: seeing((options) => ({ ...options, scope: undefined })),
  },
  {
    fault: 'sees memories alone',
    group: 'graph parts',
    noticedBy: 'graph() sees every node',
    break: viewing((view) => ({
      load: async () => {
        const graph = await view.graphology()
        const memories = graph.filterNodes((_key, { label }) => label === 'Memory')
        return { nodes: memories.length, relationships: graph.size }
      },
    })),
  },
  {
    fault: 'takes no instant for the present one',
    group: 'graph parts',
    noticedBy: 'graph() with asOf',
    break: seeing((options) => ({ ...options, asOf: options.asOf ?? new Date() })),
  },
  {
    fault: 'walks types that hold in both directions one way',
    group: 'graph parts',
    noticedBy: 'graph() with direction',
    break: seeing((options) => ({
      ...options,
      ...(options.direction === 'outgoing' &&
        !options.relationshipTypes && {
          relationshipTypes: RELATIONSHIP_TYPES.filter((type) => !SYMMETRIC_TYPES.includes(type)),
        }),
    })),
  },
  {
    fault: 'sees a graph that is larger than its budget',
    group: 'graph parts',
    noticedBy: 'graph() refuses more than its budget',
    break: seeing((options) => ({ ...options, maxNodes: null, maxEdges: null })),
  },
  {
    fault: 'is near itself',
    group: 'graph walks',
    break: viewing((view) => ({
      neighbors: async (id: string, depth?: number) => [
        { id, depth: 0 },
        ...(await view.neighbors(id, depth)),
      ],
    })),
  },
  {
    fault: 'has the farthest neighbours first',
    group: 'graph walks',
    break: viewing((view) => ({
      neighbors: async (id: string, depth?: number) => (await view.neighbors(id, depth)).reverse(),
    })),
  },
  ...(['breadthFirst', 'depthFirst'] as const).flatMap((walk): BrokenBackend[] => [
    {
      fault: `goes on in ${walk}() whatever the visitor says`,
      group: 'graph walks',
      break: viewing((view) => ({
        [walk]: (start: string, visit: GraphVisitor) => view[walk](start, (at) => void visit(at)),
      })),
    },
    {
      fault: `takes prune for stop in ${walk}()`,
      group: 'graph walks',
      break: viewing((view) => ({
        [walk]: (start: string, visit: GraphVisitor) =>
          view[walk](start, (at) => (visit(at) === 'prune' ? 'stop' : undefined)),
      })),
    },
    {
      fault: `ends ${walk}() where the visitor returns true`,
      group: 'graph walks',
      break: viewing((view) => ({
        [walk]: (start: string, visit: GraphVisitor) =>
          view[walk](start, (at) => {
            const says = visit(at)
            return says === true ? 'prune' : says
          }),
      })),
    },
  ]),
  {
    fault: 'finds no order of types alone',
    group: 'graph structure',
    noticedBy: 'topologicalOrder() puts each node',
    break: viewing((view) => ({ topologicalOrder: () => view.topologicalOrder() })),
  },
  {
    fault: 'orders what leads in a circle',
    group: 'graph structure',
    break: viewing((view) => ({
      topologicalOrder: (type?: string) => view.topologicalOrder(type).catch(() => []),
    })),
  },
  {
    fault: 'sees all in a part of a view',
    group: 'graph structure',
    break: viewing((view) => ({ subgraph: async () => view })),
  },
  {
    fault: 'counts each part of betweenness twice',
    group: 'graph ranks',
    break: viewing((view) => ({
      centrality: async (measure: 'betweenness', options: object) =>
        (await view.centrality(measure, options)).map(({ id, score }) => ({ id, score: score * 2 })),
    })),
  },
  {
    fault: 'ranks by seeds that do not exist',
    group: 'graph ranks',
    break: viewing((view) => ({
      pageRank: (options: object) =>
        view.pageRank(options).catch((error: unknown) => {
          if (!isOf('MG_NOT_FOUND', error)) throw error
          return view.pageRank()
        }),
    })),
  },
]
