import assert from 'node:assert/strict'
import { type DrawnEdge, draw } from '../drawn-graph.js'
import { type GraphBackendCase, graphCasesOf } from '../graph-backend-case.js'
import { join } from '../samples.js'

/** What a view sees as a graph of the graphology ecosystem. */
export const graphProjectionCases: readonly GraphBackendCase[] = graphCasesOf('graph projection', {
  'graphology() has nodes and relationships by their ids, with what algorithms need of them': async (
    backend,
  ) => {
    await draw(backend, [['ab', 'a', 'LEADS_TO', 'b', 0.9]])
    await backend.putNodes([{ id: 'topic', label: 'Topic', properties: { title: 'A topic' } }])
    await join(backend, 'topical', 'b', 'topic', {
      type: 'OCCURS_IN',
      properties: { strength: 0.25, valid_from: '2026-01-01T12:00:00+02:00', valid_until: '9999-01-01' },
    })
    const at = { asOf: '2026-06-01T00:00:00Z' }
    const graph = await (await backend.graph(at)).graphology()
    assert.deepEqual([graph.type, graph.multi, graph.order, graph.size], ['directed', true, 3, 1])
    assert.deepEqual(graph.getNodeAttributes('a'), { id: 'a', label: 'Memory' })
    assert.deepEqual(graph.getNodeAttributes('topic'), { id: 'topic', label: 'Topic' })
    assert.deepEqual(graph.extremities('topical'), ['b', 'topic'])
    assert.deepEqual(graph.getEdgeAttributes('topical'), {
      type: 'OCCURS_IN',
      strength: 0.25,
      valid_from: '2026-01-01T10:00:00.000000+00:00',
      valid_until: '9999-01-01T00:00:00.000000+00:00',
    })
    const present = await (await backend.graph()).graphology()
    assert.deepEqual(present.edges(), ['ab'])
    assert.equal(present.getEdgeAttribute('ab', 'valid_until'), null)
  },

  'graphology() knows nodes whose ids every object has a member of, and leaves objects as they are': async (
    backend,
  ) => {
    const ids = ['#constructor', '__proto__', 'a', 'constructor', 'toString']
    await draw(
      backend,
      ids.map((id, at): DrawnEdge => [`r${at}`, id, 'LEADS_TO', ids[at - 1] ?? 'toString']),
    )
    const graph = await (await backend.graph()).graphology()
    const keys = new Map(graph.mapNodes((key, { id }) => [id, key]))
    assert.deepEqual([...keys.keys()].sort(), ids)
    assert.deepEqual([keys.get('a'), keys.get('#constructor')], ['a', '#constructor'])
    for (const [at, id] of ids.entries()) {
      const [from, to] = graph.extremities(`r${at}`)
      assert.deepEqual([from, to], [keys.get(id), keys.get(ids[at - 1] ?? 'toString')])
      assert.equal(graph.neighbors(from).length, 2, id)
    }
    const inherited: string[] = []
    for (const name in {}) inherited.push(name)
    assert.deepEqual([inherited, 'next' in Object.prototype, 'next' in Object], [[], false, false])
  },

  'graphology() is no part of what is stored, or of what a view answers': async (backend) => {
    await draw(backend, [['ab', 'a', 'LEADS_TO', 'b', 0.9]])
    const view = await backend.graph()
    const graph = (await view.graphology()) as unknown as { clear: () => void }
    graph.clear()
    assert.deepEqual(await view.load(), { nodes: 2, relationships: 1 })
    assert.deepEqual(await view.neighbors('a'), [{ id: 'b', depth: 1 }])
    assert.equal((await view.shortestPath('a', 'b'))?.strength, 0.9)
    assert.equal(await (await (await backend.graph({ start: 'a' })).graphology()).order, 2)
  },

  'graphology() is the same graph until something changes, and then another one': async (backend) => {
    await draw(backend, [['ab', 'a', 'LEADS_TO', 'b']])
    for (const options of [{}, { start: 'a' }, { relationshipTypes: ['LEADS_TO'] }]) {
      const view = await backend.graph(options)
      const before = await view.graphology()
      assert.equal(await view.graphology(), before, JSON.stringify(options))
      const [size] = [before.size]
      await backend.createRelationships([
        { id: `more-${JSON.stringify(options)}`, from_memory_id: 'a', to_memory_id: 'b', type: 'LEADS_TO' },
      ])
      const after = await view.graphology()
      assert.deepEqual([before.size, after.size], [size, size + 1], JSON.stringify(options))
    }
  },
})
