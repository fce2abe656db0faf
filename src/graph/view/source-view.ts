import { BackendError, ValidationError } from '../../errors.js'
import * as schemas from '../../model/graph-method-options.js'
import { bulkOptionsSchema } from '../../model/method-options.js'
import { requireId, validate } from '../../model/validation.js'
import type * as view from '../graph-view.js'
import type { Steps, WalkDirection } from '../snapshot/steps.js'
import { loadSteps } from '../tasks/load-steps.js'
import { inTurns } from '../turns/in-turns.js'
import { throwIfAborted } from '../turns/throw-if-aborted.js'
import { breadthFirstWalk } from '../walks/breadth-first-walk.js'
import { depthFirstWalk } from '../walks/depth-first-walk.js'
import { nodesWithin } from '../walks/nodes-within.js'
import { tellVisitor } from '../walks/tell-visitor.js'
import { walkInTurns } from '../walks/walk-in-turns.js'
import type { Walk } from '../walks/walk-step.js'
import type { GraphSource } from './graph-source.js'
import { graphologyGraph } from './graphology-graph.js'
import { namedBridges } from './named-bridges.js'
import { namedMetrics } from './named-metrics.js'
import { seedNodes } from './seed-nodes.js'
import { groupsOf, idsOf, neighborsOf, pathOf, pathsOf, scoresOf } from './spelled-out.js'
import { SubgraphSource } from './subgraph-source.js'
import { ViewRun } from './view-run.js'

/** A view of what a source has. */
export function createGraphView(source: GraphSource): view.GraphView {
  return new SourceView(source)
}

class SourceView implements view.GraphView {
  readonly direction: WalkDirection
  readonly #source: GraphSource

  constructor(source: GraphSource) {
    this.direction = source.direction
    this.#source = source
  }

  async load(options: view.GraphRunOptions = {}): Promise<view.GraphSize> {
    const run = validate(bulkOptionsSchema, options, 'options of load')
    return this.#run('load', run, ({ snapshot: { graph } }) => ({
      nodes: graph.order,
      relationships: graph.size,
    }))
  }

  async graphology(options: view.GraphRunOptions = {}): Promise<view.ReadonlyGraph> {
    const run = validate(bulkOptionsSchema, options, 'options of graphology')
    return this.#run('graphology', run, ({ snapshot, watch }) => graphologyGraph(snapshot, watch))
  }

  async neighbors(id: string, depth = 1, options: view.GraphRunOptions = {}): Promise<view.GraphNeighbor[]> {
    requireId(id)
    const maxDepth = validate(schemas.neighborDepthSchema, depth, 'depth')
    const run = validate(bulkOptionsSchema, options, 'options of neighbors')
    throwIfAborted(run.signal)
    const known = await this.#source.neighbors(id, maxDepth, run)
    if (known !== null) {
      throwIfAborted(run.signal)
      run.onProgress?.({ done: known.length, total: known.length, phase: 'neighbors' })
      return known
    }
    return this.#run('neighbors', run, async ({ snapshot, watch }) => {
      const start = snapshot.numberOf(id)
      if (start === undefined) return []
      const steps = await loadSteps(snapshot.graph, this.direction, watch)
      return neighborsOf(snapshot, await nodesWithin(steps, start, maxDepth, watch), watch)
    })
  }

  breadthFirst(start: string, visit: view.GraphVisitor, options: view.GraphRunOptions = {}): Promise<void> {
    return this.#walk('breadthFirst', breadthFirstWalk, start, visit, options)
  }

  depthFirst(start: string, visit: view.GraphVisitor, options: view.GraphRunOptions = {}): Promise<void> {
    return this.#walk('depthFirst', depthFirstWalk, start, visit, options)
  }

  async shortestPath(
    from: string,
    to: string,
    options: view.ShortestPathOptions = {},
  ): Promise<view.GraphPath | null> {
    requireId(from, 'from')
    requireId(to, 'to')
    const { weighted, maxDepth, ...run } = validate(
      schemas.shortestPathOptionsSchema,
      options,
      'options of shortestPath',
    )
    return this.#run('shortestPath', run, async (run) => {
      const [start, end] = [run.snapshot.numberOf(from), run.snapshot.numberOf(to)]
      if (start === undefined || end === undefined) return null
      const { direction } = this
      const path = await run.task('shortestPath', { from: start, to: end, direction, weighted, maxDepth })
      return path && pathOf(run.snapshot, path)
    })
  }

  async allPaths(from: string, to: string, options: view.AllPathsOptions = {}): Promise<view.GraphPath[]> {
    requireId(from, 'from')
    requireId(to, 'to')
    const { maxDepth, limit, ...run } = validate(
      schemas.allPathsOptionsSchema,
      options,
      'options of allPaths',
    )
    return this.#run('allPaths', run, async (run) => {
      const [start, end] = [run.snapshot.numberOf(from), run.snapshot.numberOf(to)]
      if (start === undefined || end === undefined) return []
      const { direction } = this
      const paths = await run.task('allPaths', { from: start, to: end, direction, maxDepth, limit })
      return pathsOf(run.snapshot, paths, run.watch)
    })
  }

  async components(options: view.ComponentsOptions = {}): Promise<string[][]> {
    const { strong, ...run } = validate(schemas.componentsOptionsSchema, options, 'options of components')
    return this.#run('components', run, async (run) =>
      groupsOf(run.snapshot, await run.task('components', { strong }), run.watch),
    )
  }

  async communities(options: view.CommunitiesOptions = {}): Promise<view.GraphCommunities> {
    const { seed, resolution, ...run } = validate(
      schemas.communitiesOptionsSchema,
      options,
      'options of communities',
    )
    return this.#run('communities', run, async (run) => {
      const { groups, modularity } = await run.task('communities', { seed, resolution })
      return { communities: await groupsOf(run.snapshot, groups, run.watch), modularity }
    })
  }

  async centrality(
    measure: view.CentralityMeasure,
    options: view.CentralityOptions = {},
  ): Promise<view.CentralityScore[]> {
    const by = validate(schemas.centralityMeasureSchema, measure, 'measure of centrality')
    const { samples, seed, limit, ...run } = validate(
      schemas.centralityOptionsSchema(by),
      options,
      'options of centrality',
    )
    if (by === 'pagerank') return this.pageRank({ limit, ...run })
    return this.#run('centrality', run, async (run) => {
      const { direction } = this
      const { order } = run.snapshot.graph
      const sampled = order <= schemas.DEFAULT_SAMPLED_ABOVE ? null : schemas.DEFAULT_SAMPLES
      const scores =
        by === 'degree'
          ? await run.task(by, { limit })
          : await run.task(by, { direction, samples: samples === undefined ? sampled : samples, seed, limit })
      return scoresOf(run.snapshot, scores, run.watch)
    })
  }

  async pageRank(options: view.PageRankOptions = {}): Promise<view.CentralityScore[]> {
    const { seeds, damping, weighted, limit, ...run } = validate(
      schemas.pageRankOptionsSchema,
      options,
      'options of pageRank',
    )
    return this.#run('pageRank', run, async (run) => {
      const { direction } = this
      const numbered = seeds && (await seedNodes(run.snapshot, seeds, run.watch))
      const scores = await run.task('pageRank', { direction, damping, weighted, seeds: numbered, limit })
      return scoresOf(run.snapshot, scores, run.watch)
    })
  }

  async bridges(options: view.GraphRunOptions = {}): Promise<view.GraphBridges> {
    const run = validate(bulkOptionsSchema, options, 'options of bridges')
    return this.#run('bridges', run, async (run) =>
      namedBridges(run.snapshot, await run.task('bridges', {}), run.watch),
    )
  }

  async cycles(options: view.CyclesOptions = {}): Promise<view.GraphPath[]> {
    const { maxLength, limit, ...run } = validate(schemas.cyclesOptionsSchema, options, 'options of cycles')
    return this.#run('cycles', run, async (run) => {
      const paths = await run.task('cycles', { direction: this.direction, maxLength, limit })
      return pathsOf(run.snapshot, paths, run.watch)
    })
  }

  async topologicalOrder(type?: string | null, options: view.GraphRunOptions = {}): Promise<string[]> {
    const only = validate(schemas.orderingTypeSchema, type, 'type')
    const run = validate(bulkOptionsSchema, options, 'options of topologicalOrder')
    return this.#run('topologicalOrder', run, async (run) => {
      const { snapshot, watch } = run
      const number = only === null ? null : snapshot.types.indexOf(only)
      if (number === -1) return []
      const { order, cycle } = await run.task('topologicalOrder', { type: number, direction: this.direction })
      if (cycle !== null) throw cyclic(pathOf(snapshot, cycle).node_ids, only)
      return idsOf(snapshot, order, watch)
    })
  }

  async subgraph(ids: readonly string[]): Promise<view.GraphView> {
    if (!Array.isArray(ids)) throw new ValidationError('Invalid ids: must be a list of ids')
    const distinct = new Set<string>()
    await inTurns(ids.length, (at) => {
      requireId(ids[at], `ids: ${at}`)
      distinct.add(ids[at])
    })
    return new SourceView(new SubgraphSource(this.#source, [...distinct]))
  }

  async metrics(options: view.GraphRunOptions = {}): Promise<view.GraphMetrics> {
    const run = validate(bulkOptionsSchema, options, 'options of metrics')
    return this.#run('metrics', run, async (run) =>
      namedMetrics(run.snapshot, await run.task('metrics', {}), run.watch),
    )
  }

  async similarNodes(
    id: string,
    options: view.GraphRunOptions & { readonly limit?: number | null | undefined } = {},
  ): Promise<view.SimilarNode[]> {
    requireId(id)
    const { limit, ...run } = validate(schemas.similarNodesOptionsSchema, options, 'options of similarNodes')
    return this.#run('similarNodes', run, async (run) => {
      const { snapshot } = run
      const node = snapshot.numberOf(id)
      if (node === undefined) return []
      const found = await run.task('similarNodes', { node, limit })
      return found.map(({ node, score, shared }) => ({
        id: snapshot.nodeIds[node] as string,
        score,
        shared: shared.map((other) => snapshot.nodeIds[other] as string),
      }))
    })
  }

  async #walk(
    phase: string,
    walkOf: (steps: Steps, start: number) => Walk,
    start: string,
    visit: view.GraphVisitor,
    options: view.GraphRunOptions,
  ): Promise<void> {
    requireId(start, 'start')
    validate(schemas.visitorSchema, visit, 'visitor')
    const run = validate(bulkOptionsSchema, options, `options of ${phase}`)
    return this.#run(phase, run, async ({ snapshot, watch }) => {
      const node = snapshot.numberOf(start)
      if (node === undefined) return
      const steps = await loadSteps(snapshot.graph, this.direction, watch)
      await walkInTurns(walkOf(steps, node), (step) => tellVisitor(visit, snapshot, step), watch)
    })
  }

  #run<Result>(
    phase: string,
    options: view.GraphRunOptions,
    work: (run: ViewRun) => Promise<Result> | Result,
  ): Promise<Result> {
    return ViewRun.over(this.#source, phase, options, work)
  }
}

function cyclic(path: readonly string[], type: string | null): BackendError {
  const what = type === null ? 'relationships' : `relationships of the type ${type}`
  return new BackendError(
    `Cannot order the nodes: ${what} lead in a circle (${path.length - 1} of them, details.path): end one of them, or order by another type`,
    { code: 'MG_CYCLE', details: { path } },
  )
}
