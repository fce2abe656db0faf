import assert from 'node:assert/strict'
import type { GraphBackend } from '../../backends/graph-backend.js'
import type { GraphView } from '../../graph/graph-view.js'
import { rejectsWith } from '../assertions.js'
import { link } from '../drawn-graph.js'
import { type GraphBackendCase, graphCasesOf } from '../graph-backend-case.js'
import { note, storeNotes } from '../samples.js'

/**
 * Three notes and a task of tenant `a`, three notes of tenant `b` and one of nobody. In `a` one leads to the next; both tenants
 * and nobody are joined across, so that a shorter way leads through the outside.
 */
async function twoTenants(backend: GraphBackend): Promise<GraphBackend> {
  const [a, b] = [backend.scoped({ tenantId: 'a' }), backend.scoped({ tenantId: 'b' })]
  await storeNotes(a, 'a1', 'a2', 'a3')
  await a.putNodes([{ id: 'at', label: 'Task', properties: {} }])
  await storeNotes(b, 'b1', 'b2', 'b3')
  await storeNotes(backend, 'n1')
  await link(backend, [
    ['a12', 'a1', 'LEADS_TO', 'a2'],
    ['a2t', 'a2', 'LEADS_TO', 'at'],
    ['at3', 'at', 'LEADS_TO', 'a3'],
    ['out', 'a1', 'LEADS_TO', 'b1'],
    ['in', 'b1', 'LEADS_TO', 'a3'],
    ['b12', 'b1', 'LEADS_TO', 'b2'],
    ['b23', 'b2', 'LEADS_TO', 'b3'],
    ['an', 'a1', 'SIMILAR_TO', 'n1'],
    ['n3', 'n1', 'SIMILAR_TO', 'a3'],
  ])
  return a
}

async function seen(view: GraphView): Promise<[string, string]> {
  const graph = await view.graphology()
  return [graph.nodes().sort().join(' '), graph.edges().sort().join(' ')]
}

const INSIDE: [string, string] = ['a1 a2 a3 at', 'a12 a2t at3']

/** A view of a scope, and a graph of it, in which what is outside is absent. */
export const graphScopeCases: readonly GraphBackendCase[] = graphCasesOf('graph scopes', {
  'graph() of a scoped() view sees what is inside, and relationships both of whose ends are': async (
    backend,
  ) => {
    if (!backend.capabilities.scopes) return
    const a = await twoTenants(backend)
    await (await backend.graph()).load()
    const scoped = await a.graph()
    const chosen = await backend.graph({ scope: { tenantId: 'a' } })
    for (const view of [scoped, chosen]) {
      assert.deepEqual(await seen(view), INSIDE)
      assert.deepEqual(await view.load(), { nodes: 4, relationships: 3 })
      assert.deepEqual((await view.shortestPath('a1', 'a3'))?.node_ids, ['a1', 'a2', 'at', 'a3'])
      assert.deepEqual(await view.components(), [['a1', 'a2', 'a3', 'at']])
      assert.equal((await view.metrics()).relationships, 3)
      assert.deepEqual((await view.graphology()).degree('a1'), 1)
    }
    assert.equal((await (await backend.graph()).shortestPath('a1', 'a3'))?.node_ids.length, 3)
    assert.deepEqual(await (await backend.graph()).load(), { nodes: 8, relationships: 9 })
  },

  'graph() of a scoped() view takes nodes outside for nodes that do not exist': async (backend) => {
    if (!backend.capabilities.scopes) return
    const view = await (await twoTenants(backend)).graph()
    for (const id of ['b1', 'n1', 'absent']) {
      assert.deepEqual(await view.neighbors(id, 5), [], id)
      assert.equal(await view.shortestPath('a1', id), null, id)
      assert.deepEqual(await view.allPaths(id, 'a1'), [], id)
      assert.deepEqual(await view.similarNodes(id), [], id)
      await view.breadthFirst(id, () => assert.fail(`came to ${id}`))
      assert.deepEqual(await (await view.subgraph([id, 'a1'])).load(), { nodes: 1, relationships: 0 }, id)
      await rejectsWith('MG_NOT_FOUND', () => view.pageRank({ seeds: [id] }), id)
    }
  },

  'graph() with start in a scoped() view does not grow through the outside': async (backend) => {
    if (!backend.capabilities.scopes) return
    const a = await twoTenants(backend)
    const around = async (start: string | string[]): Promise<[string, string]> =>
      seen(await a.graph({ start, maxDepth: 10 }))
    const check = async (): Promise<void> => {
      assert.deepEqual(await around('a1'), INSIDE)
      assert.deepEqual(await around('b1'), ['', ''])
      assert.deepEqual(await around(['b1', 'a3']), INSIDE)
      assert.deepEqual(await seen(await a.graph({ start: 'a3', maxDepth: 1 })), ['a3 at', 'at3'])
      assert.deepEqual(await (await a.graph()).neighbors('a1', 1), [{ id: 'a2', depth: 1 }])
    }
    await check()
    await (await a.graph()).load()
    await (await backend.graph()).load()
    await check()
  },

  'graph() of a scoped() view sees what was stored in it, came into it and left it since it was used': async (
    backend,
  ) => {
    if (!backend.capabilities.scopes) return
    const a = await twoTenants(backend)
    const view = await a.graph()
    const whole = await backend.graph()
    await whole.load()
    assert.deepEqual(await seen(view), INSIDE)
    await a.storeMemory(note('a4'))
    await link(a, [['a14', 'a1', 'LEADS_TO', 'a4']])
    assert.deepEqual(await seen(view), ['a1 a2 a3 a4 at', 'a12 a14 a2t at3'])
    await backend.updateMemory({ id: 'n1', context: { tenant_id: 'a' } })
    assert.deepEqual(await seen(view), ['a1 a2 a3 a4 at n1', 'a12 a14 a2t an at3 n3'])
    assert.equal((await view.shortestPath('a1', 'a3'))?.node_ids.length, 3)
    await backend.updateMemory({ id: 'a4', context: { tenant_id: 'b' } })
    await backend.deleteMemory('n1')
    assert.deepEqual(await seen(view), INSIDE)
    await link(backend, [['more', 'b3', 'LEADS_TO', 'a1']])
    assert.deepEqual(await seen(view), INSIDE)
    assert.deepEqual(await whole.load(), { nodes: 8, relationships: 9 })
  },

  'graph() of a scoped() view has a budget for what is inside': async (backend) => {
    if (!backend.capabilities.scopes) return
    const a = await twoTenants(backend)
    assert.equal((await (await a.graph({ maxNodes: 4, maxEdges: 3 })).load()).nodes, 4)
    await rejectsWith('MG_GRAPH_TOO_LARGE', async () => (await a.graph({ maxNodes: 3 })).load())
    await rejectsWith('MG_GRAPH_TOO_LARGE', async () => (await a.graph({ maxEdges: 2 })).load())
  },

  'graph() with scope takes what scoped() takes, within the scope of the view': async (backend) => {
    if (!backend.capabilities.scopes) return
    const a = await twoTenants(backend)
    await backend.updateMemory({ id: 'a3', context: { created_by: 'ann' } })
    assert.deepEqual((await seen(await a.graph({ scope: { createdBy: 'ann' } })))[0], 'a3')
    assert.deepEqual((await seen(await a.graph({ scope: { tenantId: 'a' } })))[0], INSIDE[0])
    assert.deepEqual((await seen(await a.scoped({ createdBy: 'ann' }).graph()))[0], 'a3')
    for (const scope of [{}, { tenantId: 5 }, { tenant: 'a' }, 'a', { tenantId: 'b' }])
      await rejectsWith(
        'MG_VALIDATION',
        () => a.graph({ scope: scope as never }),
        `scope ${JSON.stringify(scope)}`,
      )
  },
})
