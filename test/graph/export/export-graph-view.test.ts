import { setImmediate as nextTurn } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { exportGraphView, graphViewText } from '../../../src/graph/export/export-graph-view.js'
import { GRAPH_VIEW_FORMATS } from '../../../src/index.js'
import { ringOf, viewOf } from './drawn-view.js'

const pair = viewOf(['a', 'b'], [{ from: 'a', to: 'b' }])

describe('exportGraphView', () => {
  it.each([
    ['bmp', {}, /Invalid format/],
    ['gexf', { maxDrawnNodes: 3 }, /maxDrawnNodes/],
    ['json', { focus: 'a' }, /focus/],
    ['mermaid', { heading: 'x' }, /heading/],
    ['dot', { detail: 'nodes' }, /detail/],
    ['svg', { maxDrawnNodes: 2_001 }, /maxDrawnNodes.*2001/],
    ['svg', { maxDrawnEdges: 0 }, /maxDrawnEdges/],
    ['svg', { color: 'blue' }, /color/],
    ['svg', { detail: 'bubbles' }, /detail/],
    ['d3', { titles: { a: 'A' } }, /titles.*Map/],
    ['d3', { titel: new Map() }, /titel/],
    ['svg', { focus: '' }, /focus/],
  ])('refuses %s with %j', async (format, options, message) => {
    await expect(exportGraphView(pair, format as 'svg', options as object)).rejects.toMatchObject({
      code: 'MG_VALIDATION',
      message: expect.stringMatching(message),
    })
  })

  it('refuses a focus that is not in the view', async () => {
    await expect(exportGraphView(pair, 'svg', { focus: ['a', 'elsewhere'] })).rejects.toMatchObject({
      code: 'MG_NOT_FOUND',
      details: { id: 'elsewhere' },
    })
  })

  it.each(GRAPH_VIEW_FORMATS)('writes the same %s again, of an empty graph too', async (format) => {
    for (const view of [() => viewOf([], []), () => ringOf(60, 30)])
      for (const color of ['type', 'community'] as const) {
        const text = await exportGraphView(view(), format, { color })
        expect(text).not.toMatch(/NaN|undefined|Infinity/)
        expect(await exportGraphView(view(), format, { color })).toBe(text)
      }
  })

  it('asks for the titles of no more nodes than are shown, at most 1,000 at a time', async () => {
    const asked: number[] = []
    const titles = (ids: readonly string[]) => {
      asked.push(ids.length)
      return Promise.resolve(new Map(ids.map((id) => [id, `The ${id}`])))
    }
    expect(await exportGraphView(ringOf(2_500), 'd3', { titles })).toContain('"label":"The n02499"')
    expect(asked).toEqual([1_000, 1_000, 500])
    asked.length = 0
    await exportGraphView(ringOf(2_500), 'mermaid', { titles })
    await exportGraphView(ringOf(2_500), 'svg', { titles, detail: 'nodes', maxDrawnNodes: 20 })
    expect(asked).toEqual([150, 20])
  })

  it.each(GRAPH_VIEW_FORMATS)('ends writing %s when it is told to', async (format) => {
    const abort = new AbortController()
    const work = exportGraphView(ringOf(20_000, 20_000), format, {
      signal: abort.signal,
      titles: (ids) => {
        abort.abort(new Error('enough'))
        return new Map(ids.map((id) => [id, id]))
      },
    })
    await expect(work).rejects.toMatchObject({ code: 'MG_ABORTED' })
  })

  it('tells how far it is, and at the end that all is done', async () => {
    const told: { done: number; total: number | null; phase: string }[] = []
    await exportGraphView(ringOf(3_000, 3_000), 'gexf', { onProgress: (progress) => told.push(progress) })
    expect(told.at(-1)).toEqual({ done: 9_000, total: 9_000, phase: 'exported' })
    expect(told.every(({ done, total }) => total === null || done <= total)).toBe(true)
  })

  it.each(['gexf', 'svg'] as const)('lets others have their turn while it writes %s', async (format) => {
    const view = ringOf(20_000, 20_000)
    await view.graphology()
    let turns = 0
    let isDone = false
    const others = (async () => {
      for (; !isDone; turns++) await nextTurn()
    })()
    await exportGraphView(view, format, format === 'svg' ? { detail: 'nodes' } : {})
    isDone = true
    await others
    expect(turns).toBeGreaterThan(3)
  })
})

describe('graphViewText', () => {
  it('gives the same text in chunks, and the size of the view at the end', async () => {
    const view = ringOf(3_000, 100)
    for (const format of GRAPH_VIEW_FORMATS) {
      const text = graphViewText(view, format)
      const chunks: string[] = []
      let step = await text.next()
      for (; !step.done; step = await text.next()) chunks.push(step.value)
      expect(step.value).toEqual({ nodes: 3_000, relationships: 3_100 })
      expect(chunks.join('')).toBe(await exportGraphView(view, format))
      if (format === 'gexf') expect(chunks.length).toBeGreaterThan(5)
    }
  })
})
