import { type Successors, strongComponents } from './strong-components.js'

/** An edge between two nodes, by their ids. */
export type Edge = { readonly from: string; readonly to: string }

/**
 * A cycle that goes through one of the edges `through`, all of which are among `edges`, as the ids along it, the first again at the
 * end; as short as it can be through that edge. `null` when there is none. Takes time in proportion to the edges.
 */
export function findCycleThrough(edges: readonly Edge[], through: readonly Edge[]): string[] | null {
  const successors = successorsOf(edges)
  const components = strongComponents(successors)
  const closing = through.find(({ from, to }) => from === to || components.get(from) === components.get(to))
  return closing ? cycleThrough(successors, closing) : null
}

/** One cycle of each strong component that has any: one of the shortest through its least id. By that id. */
export function findCycles(edges: readonly Edge[]): string[][] {
  const successors = successorsOf(edges)
  const components = strongComponents(successors)
  const least = new Map<number, string>()
  for (const { from, to } of edges) {
    const component = components.get(from)
    if (component === undefined || component !== components.get(to)) continue
    const known = least.get(component)
    if (known === undefined || from < known) least.set(component, from)
  }
  return [...least.values()].sort().flatMap((id) => {
    const cycle = pathTo(successors, id, id)
    return cycle ? [cycle] : []
  })
}

function cycleThrough(successors: Successors, { from, to }: Edge): string[] | null {
  if (from === to) return [from, from]
  const back = pathTo(successors, to, from)
  return back && [from, ...back]
}

/** The ids along one of the shortest walks of at least one step from one node to another; `null` when there is none. */
function pathTo(successors: Successors, start: string, goal: string): string[] | null {
  const cameFrom = new Map<string, string>()
  const frontier = [start]
  for (const id of frontier) {
    for (const to of successors.get(id) ?? []) {
      if (cameFrom.has(to)) continue
      cameFrom.set(to, id)
      if (to === goal) return walkBack(cameFrom, start, goal)
      frontier.push(to)
    }
  }
  return null
}

function walkBack(cameFrom: ReadonlyMap<string, string>, start: string, goal: string): string[] {
  const path = [goal]
  for (let id = cameFrom.get(goal) as string; ; id = cameFrom.get(id) as string) {
    path.push(id)
    if (id === start) return path.reverse()
  }
}

function successorsOf(edges: readonly Edge[]): Map<string, string[]> {
  const successors = new Map<string, string[]>()
  for (const { from, to } of edges) {
    const found = successors.get(from)
    if (found) found.push(to)
    else successors.set(from, [to])
  }
  return successors
}
