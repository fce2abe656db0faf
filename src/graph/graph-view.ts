import type { MultiDirectedGraph } from 'graphology'
import type { WalkDirection } from './snapshot/steps.js'

/** How long work is watched, and stopped. */
export type GraphRunOptions = {
  /** Called now and then while it takes long, and once at the end. An exception it throws fails the work. */
  readonly onProgress?:
    | ((progress: { readonly done: number; readonly total: number | null; readonly phase: string }) => void)
    | undefined
  /** Ends the work with `MG_ABORTED`. */
  readonly signal?: AbortSignal | undefined
}

/** What a node of {@link GraphView.graphology} holds. */
export type GraphNodeAttributes = {
  /** What it is stored under, whatever its key. */
  readonly id: string
  readonly label: string
}

/** What an edge of {@link GraphView.graphology} holds: times as they are stored. */
export type GraphEdgeAttributes = {
  readonly type: string
  readonly strength: number
  readonly valid_from: string
  readonly valid_until: string | null
}

type GraphologyGraph = MultiDirectedGraph<GraphNodeAttributes, GraphEdgeAttributes>

/** The methods that change a graph, and those that would let others do it. */
type Changing = Extract<
  keyof GraphologyGraph,
  `${'add' | 'drop' | 'merge' | 'update' | 'set' | 'replace' | 'remove' | 'clear' | 'import'}${string}`
>

/** A graphology graph that functions of its ecosystem take, and whose own methods that change it cannot be called. */
export type ReadonlyGraph = Omit<GraphologyGraph, Changing> & {
  [Method in Changing]: (this: never, ...refused: never[]) => never
}

/** How many nodes and relationships a view has. */
export type GraphSize = { nodes: number; relationships: number }

/** A node that a walk comes to, and the least number of steps to it. */
export type GraphNeighbor = { id: string; depth: number }

/** What a walk tells of a node that it comes to. */
export type GraphVisit = {
  readonly id: string
  /** Steps from the start, which has 0. */
  readonly depth: number
  /** The relationship it came by, and the node that starts it off from; `null` for the start. */
  readonly relationship_id: string | null
  readonly from: string | null
}

/**
 * Is told of each node once. `stop` ends the walk, `prune` leaves out what lies behind the node, anything else goes on but a promise, which
 * is refused: a walk does not wait.
 */
export type GraphVisitor = (visit: GraphVisit) => unknown

/** A way through the graph. */
export type GraphPath = {
  /** From the first node to the last; of a cycle the first again at the end. */
  node_ids: string[]
  /** The relationships along it, one fewer. */
  relationship_ids: string[]
  /** The product of their strengths. */
  strength: number
}

export type ShortestPathOptions = GraphRunOptions & {
  /** Whether it is the one whose strengths have the greatest product, instead of the one of fewest steps. Default is false. */
  readonly weighted?: boolean | null | undefined
  /** Steps at most, from 1. Default is any number; does not go with `weighted`. */
  readonly maxDepth?: number | null | undefined
}

export type AllPathsOptions = GraphRunOptions & {
  /** Steps of a path at most, from 1 to 20. Default is 4. */
  readonly maxDepth?: number | null | undefined
  /** Paths at most, from 1 to 10,000. Default is 10. */
  readonly limit?: number | null | undefined
}

export type ComponentsOptions = GraphRunOptions & {
  /** Whether the nodes of a component reach each other along the relationships as they point. Default is false. */
  readonly strong?: boolean | null | undefined
}

export type CommunitiesOptions = GraphRunOptions & {
  /** Of what is left to chance: the same graph and seed give the same communities. An integer from 0; default is 1. */
  readonly seed?: number | null | undefined
  /** Above 0: greater ones make smaller communities. Default is 1. */
  readonly resolution?: number | null | undefined
}

/** How nodes are joined more densely among each other than with the rest. */
export type GraphCommunities = {
  /** The ids of each, ascending; the greatest first, then by its first id. A node that is joined to none is one by itself. */
  communities: string[][]
  /** From -0.5 to 1, whatever the resolution: how much denser they are than by chance. 0 without relationships. */
  modularity: number
}

export type CentralityMeasure = 'pagerank' | 'betweenness' | 'degree' | 'closeness'

export type CentralityOptions = GraphRunOptions & {
  /**
   * Of betweenness and closeness: from how many nodes, chosen by the seed, shortest paths are looked for instead of from all, whose
   * scores are estimates. `null` is all. Default is all of up to 2,000, else 500.
   */
  readonly samples?: number | null | undefined
  /** By what those nodes are chosen: an integer from 0; default is 1. */
  readonly seed?: number | null | undefined
  /** Scores at most, the greatest first. Default is all. */
  readonly limit?: number | null | undefined
}

export type CentralityScore = { id: string; score: number }

export type PageRankOptions = GraphRunOptions & {
  /** The nodes a walk starts anew from: the rank is how near each is to them. Default is all nodes alike. */
  readonly seeds?: readonly string[] | { readonly [id: string]: number } | null | undefined
  /** The chance to walk on, above 0 and below 1. Default is 0.85. */
  readonly damping?: number | null | undefined
  /** Whether stronger relationships are taken more often. Default is false. */
  readonly weighted?: boolean | null | undefined
  /** Scores at most, the greatest first. Default is all. */
  readonly limit?: number | null | undefined
}

/** What holds the graph together. */
export type GraphBridges = {
  /** Relationships without which more parts are not joined, by id. */
  bridges: { relationship_id: string; from: string; to: string }[]
  /** Nodes without which more parts are not joined, by id. */
  articulation_points: string[]
}

export type CyclesOptions = GraphRunOptions & {
  /** Relationships along a cycle at most, from 1 to 50. Default is 10. */
  readonly maxLength?: number | null | undefined
  /** Cycles at most, from 1 to 10,000. Default is 100. */
  readonly limit?: number | null | undefined
}

/** A node that has neighbours in common with another. */
export type SimilarNode = {
  id: string
  /** Neighbours of both by neighbours of either, from 0 to 1 (Jaccard). */
  score: number
  /** The neighbours of both, by id. */
  shared: string[]
}

/** Figures of a graph. */
export type GraphMetrics = GraphSize & {
  /** Relationships by pairs of nodes that could have one; 0 with fewer than two nodes. */
  density: number
  /** Relationships at a node, on average. */
  average_degree: number
  /** The node with the most relationships, the first by id of those; `null` without nodes. */
  greatest_degree: { id: string; degree: number } | null
  /** Nodes without relationships. */
  isolated: number
  self_loops: number
  /** Relationships that point both ways between two nodes, or hold in both directions, of those that are no self-loops. */
  reciprocity: number
  average_strength: number | null
  components: number
  largest_component: number
  strong_components: number
  relationships_by_type: { [type: string]: number }
  nodes_by_label: { [label: string]: number }
}

/**
 * A part of the graph, or all of it, to walk and to measure.
 *
 * What it sees is fixed by the options of `graph()`; each call answers by what is stored when it is called, as of one moment. A node that is not
 * in it is as one that does not exist: nothing is near it and no path leads to it. `direction` says which way relationships are walked
 * by {@link neighbors}, the walks, the paths, `closeness` and `betweenness`; types that hold in both directions are walked both ways.
 * What is about direction itself (strong components, PageRank, cycles, topological order) goes as the relationships point, and against
 * them with `direction: 'incoming'`. Work that takes long runs in a thread, so that the event loop is not held.
 *
 * @throws `MG_VALIDATION` an argument does not fit · `MG_GRAPH_TOO_LARGE` there is more than the budget · `MG_NOT_CONNECTED` ·
 *   `MG_IN_TRANSACTION` · `MG_ABORTED`
 */
export interface GraphView {
  /** Reads what the view sees, so that what is asked next finds it in memory; returns its size. */
  load(options?: GraphRunOptions): Promise<GraphSize>
  /**
   * What the view sees now as a graphology graph: a node by its id, an edge by that of its relationship. It does not change; the same one is returned
   * until what is stored has changed. Is made in turns with others: about 4 microseconds and 600 bytes for each relationship.
   *
   * An id that every JavaScript object has as a member, such as `constructor` or `__proto__`, would break graphology: the key of its node
   * has `#` in front, as often as it takes to be unlike any other id. The attribute `id` is always the id.
   */
  graphology(options?: GraphRunOptions): Promise<ReadonlyGraph>
  /** The nodes within so many steps (1 to 100; default 1) of one, without it: nearest first, then by id. */
  neighbors(id: string, depth?: number, options?: GraphRunOptions): Promise<GraphNeighbor[]>
  /** Tells of each node that can be reached from one, the nearest first, then by id of the node before and its own. */
  breadthFirst(start: string, visit: GraphVisitor, options?: GraphRunOptions): Promise<void>
  /** Tells of each node that can be reached from one, going on from each before its next neighbour by id; `depth` is that of the way there. */
  depthFirst(start: string, visit: GraphVisitor, options?: GraphRunOptions): Promise<void>
  /** The shortest way from one node to another; of those of one length that whose ids come first. `null` where there is none. */
  shortestPath(from: string, to: string, options?: ShortestPathOptions): Promise<GraphPath | null>
  /**
   * The ways from one node to another that meet no node twice, shortest first, then by their ids. Between two nodes each goes along the
   * strongest relationship. From a node to itself there is none.
   */
  allPaths(from: string, to: string, options?: AllPathsOptions): Promise<GraphPath[]>
  /** The ids of each connected component, ascending; the greatest first, then by its first id. */
  components(options?: ComponentsOptions): Promise<string[][]>
  /**
   * Communities by the method of Louvain, over the strengths of relationships between different nodes in either direction. Blondel et al., Fast
   * unfolding of communities in large networks (2008).
   */
  communities(options?: CommunitiesOptions): Promise<GraphCommunities>
  /**
   * The nodes by how central they are, then by id. `degree`: relationships at the node by other nodes there are. `closeness`: how near all that it reaches
   * is, scaled by how many that are (Wasserman and Faust). `betweenness`: the part of the shortest paths between others that lead through it
   * (Brandes 2001), from 0 to 1. `pagerank`: as {@link pageRank}.
   */
  centrality(measure: CentralityMeasure, options?: CentralityOptions): Promise<CentralityScore[]>
  /**
   * The nodes by how often a walk along relationships that begins anew now and then comes by, which adds up to 1; then by id. With
   * seeds it begins at these, in proportion to their weights. Brin and Page (1998).
   *
   * @throws `MG_NOT_FOUND` a seed is not in the graph
   */
  pageRank(options?: PageRankOptions): Promise<CentralityScore[]>
  /** Relationships and nodes that are the only link between parts, in whichever direction relationships point. */
  bridges(options?: GraphRunOptions): Promise<GraphBridges>
  /** Cycles of relationships that hold in one direction, which meet no node twice: shortest first, then by their ids. Each begins at its least id. */
  cycles(options?: CyclesOptions): Promise<GraphPath[]>
  /**
   * The nodes with relationships of a type, or of any that holds in one direction, so that each comes before those that it points to; of
   * those that may come next the least id.
   *
   * @throws `MG_CYCLE` they lead in a circle, with the ids along one in `details.path`
   */
  topologicalOrder(type?: string | null, options?: GraphRunOptions): Promise<string[]>
  /** A view of those of the nodes that are in this one, and of the relationships among them. */
  subgraph(ids: readonly string[]): Promise<GraphView>
  metrics(options?: GraphRunOptions): Promise<GraphMetrics>
  /** The nodes that have the most neighbours in common with one, best first, then by id: at most `limit` (1 to 1,000; default 10). */
  similarNodes(
    id: string,
    options?: GraphRunOptions & { readonly limit?: number | null | undefined },
  ): Promise<SimilarNode[]>
  /** Which way relationships are walked. */
  readonly direction: WalkDirection
}
