import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { GraphReader } from '../../../src/backends/graph-driver.js'
import type { InMemoryDriver } from '../../../src/backends/in-memory/in-memory-driver.js'
import { followChanges } from '../../../src/backends/projection/follow-changes.js'
import { loadProjection } from '../../../src/backends/projection/load-projection.js'
import { PartOfGraph } from '../../../src/backends/projection/part-of-graph.js'
import { ProjectionKeeper } from '../../../src/backends/projection/projection-keeper.js'
import { ScopedReader } from '../../../src/backends/scope/scoped-reader.js'
import { TursoBackend } from '../../../src/backends/turso/turso-backend.js'
import { graphOptionsSchema } from '../../../src/model/graph-options.js'
import { driverWith, memoryRow, relationshipRow } from '../../in-memory/rows.js'
import { scratchFolder } from '../../support/scratch.js'

/** A reader that has something done before each of the first so many times that a method is called. */
function interrupted(
  reader: GraphReader,
  method: keyof GraphReader,
  before: (call: number) => Promise<unknown>,
  times = Number.POSITIVE_INFINITY,
): GraphReader {
  let calls = 0
  return new Proxy(reader, {
    get(target, name) {
      const value = Reflect.get(target, name)
      if (typeof value !== 'function') return value
      return async (...given: unknown[]) => {
        if (name === method && calls < times) await before(++calls)
        return value.apply(target, given)
      }
    },
  })
}

/** hub → x1 → y1, in whose place each call puts hub → x2 → y2 and so on. */
async function moving(): Promise<{ driver: InMemoryDriver; move: (to: number) => Promise<unknown> }> {
  const names = ['hub', ...[1, 2, 3, 4, 5, 6, 7, 8, 9].flatMap((at) => [`x${at}`, `y${at}`])]
  const links = (at: number) => [
    relationshipRow('e1', 'hub', `x${at}`, { rel_type: 'CAUSES' }),
    relationshipRow('e2', `x${at}`, `y${at}`, { rel_type: 'CAUSES' }),
  ]
  const driver = await driverWith(
    names.map((id) => memoryRow(id)),
    links(1),
  )
  const move = (to: number) =>
    driver.write(async (writer) => {
      await writer.deleteRelationships(['e1', 'e2'])
      await writer.insertRelationships(links(to))
    })
  return { driver, move }
}

const around = (driver: InMemoryDriver, seen: GraphReader): PartOfGraph => {
  const options = graphOptionsSchema.parse({ start: 'hub', maxDepth: 2 })
  const store = { seen, whole: driver.reader }
  return new PartOfGraph({ ...options, start: ['hub'] }, new ProjectionKeeper(store), store)
}

describe('What lies around a node is as of one moment', () => {
  it('also where something is written between its levels', async () => {
    const { driver, move } = await moving()
    const seen = interrupted(driver.reader, 'getGraphEdges', (call) => move(call + 1), 2)
    expect((await around(driver, seen).snapshot({})).nodeIds).toEqual(['hub', 'x3', 'y3'])
  })

  it('also where something is written between all levels', async () => {
    const { driver, move } = await moving()
    const seen = interrupted(driver.reader, 'getGraphEdges', (call) => move(1 + (call % 9)))
    const { nodeIds } = await around(driver, seen).snapshot({})
    expect(nodeIds.map((id) => id.slice(1))).toEqual(['ub', nodeIds[1]?.slice(1), nodeIds[1]?.slice(1)])
  })

  it('and its reading can be stopped', async () => {
    const { driver } = await moving()
    const stop = new AbortController()
    const seen = interrupted(driver.reader, 'getGraphEdges', async () => stop.abort())
    const stopped = around(driver, seen).snapshot({ signal: stop.signal })
    await expect(stopped).rejects.toMatchObject({ code: 'MG_ABORTED' })
  })

  it('and of the store that the backend is connected to', async () => {
    const [path, elsewhere] = [join(scratchFolder(), 'one.db'), join(scratchFolder(), 'other.db')]
    for (const [file, kept] of [
      [path, 'kept'],
      [elsewhere, 'other'],
    ] as const) {
      await using backend = await TursoBackend.create({ path: file })
      await backend.putNodes([{ id: kept, label: 'Task', properties: {} }])
      await backend.putNodes([{ id: 'a', label: 'Task', properties: {} }])
    }
    await using backend = await TursoBackend.create({ path })
    const view = await backend.graph({ start: ['a', 'kept', 'other'] })
    expect((await view.graphology()).nodes()).toEqual(['a', 'kept'])
    await backend.disconnect()
    copyFileSync(elsewhere, path)
    await backend.connect()
    expect((await view.graphology()).nodes()).toEqual(['a', 'other'])
  })
})

describe('A graph of a scope that is brought to the present', () => {
  it('has the relationships of a node that was away while they were read', async () => {
    const at = (id: string, project_path: string) => memoryRow(id, { context_project_path: project_path })
    const driver = await driverWith([at('a', '/mine'), at('b', '/mine')], [relationshipRow('ab', 'a', 'b')])
    const whole = driver.reader
    const inside = new ScopedReader(whole, [{ property: 'context_project_path', value: '/mine' }])
    const budget = { maxNodes: 100, maxEdges: 100 }
    const projection = await loadProjection(inside, budget, {})
    expect([projection.nodeCount, projection.edgeCount]).toEqual([2, 1])
    const last = await whole.getLatestChange()
    const put = (row: ReturnType<typeof at>) => driver.write((writer) => writer.putNodes([row]))
    await driver.write((writer) =>
      writer.updateRelationship(
        relationshipRow('ab', 'a', 'b'),
        relationshipRow('ab', 'a', 'b', { strength: 0.9 }),
      ),
    )
    await put({ ...at('a', '/mine'), label: 'Task' })
    const away = interrupted(inside, 'findGraphEdges', () => put(at('b', '/other')), 1)
    const seen = interrupted(away, 'findGraphNodes', async (call) => call === 2 && put(at('b', '/mine')))
    await followChanges(projection, last, { seen, whole })
    expect([projection.nodeCount, projection.edgeCount]).toEqual([2, 1])
  })

  it('is true again after a read that failed, wherever it did', async () => {
    for (let failing = 1; failing <= 4; failing++) {
      const { driver, move } = await moving()
      let isBroken = false
      let [calls, moves] = [0, 1]
      const read = async (): Promise<void> => {
        if (!isBroken) return
        if (++calls === failing) throw new Error('broken')
        await move(++moves)
      }
      const seen = interrupted(driver.reader, 'findGraphEdges', read)
      const keeper = new ProjectionKeeper({ seen, whole: driver.reader })
      const options = graphOptionsSchema.parse({})
      await keeper.snapshot(options, options, {})
      isBroken = true
      await move(++moves)
      await expect(keeper.snapshot(options, options, {})).rejects.toThrow('broken')
      isBroken = false
      const { graph, nodeIds } = await keeper.snapshot(options, options, {})
      const ends = Array.from(graph.from, (from, edge) => [nodeIds[from], nodeIds[graph.to[edge] as number]])
      expect(ends).toEqual([
        ['hub', `x${moves}`],
        [`x${moves}`, `y${moves}`],
      ])
    }
  })
})
