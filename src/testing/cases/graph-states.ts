import assert from 'node:assert/strict'
import type { GraphRunOptions } from '../../graph/graph-view.js'
import { codeOf, rejectsWith } from '../assertions.js'
import { draw, VIEW_CALLS } from '../drawn-graph.js'
import { type GraphBackendCase, graphCasesOf } from '../graph-backend-case.js'
import { note } from '../samples.js'

/** When a view may be asked, and how a call of it is watched and stopped. */
export const graphStateCases: readonly GraphBackendCase[] = VIEW_CALLS.flatMap(({ method, call }) =>
  graphCasesOf('graph states', {
    [`${method}() of a view rejects inside the work of transaction(), and answers afterwards`]: async (
      backend,
    ) => {
      if (!backend.capabilities.transactions) return
      await draw(backend, [['ab', 'a', 'LEADS_TO', 'b']])
      const views = [await backend.graph(), await backend.graph({ start: 'a' })]
      for (const view of views) await call(view)
      await backend.transaction(async (tx) => {
        await tx.storeMemory(note('c'))
        for (const view of views) await rejectsWith('MG_IN_TRANSACTION', () => call(view), `${method}()`)
      })
      for (const view of views) await call(view)
    },

    [`${method}() of a view rejects after disconnect(), and answers after connect() again`]: async (
      backend,
    ) => {
      await draw(backend, [['ab', 'a', 'LEADS_TO', 'b']])
      const views = [await backend.graph(), await backend.graph({ start: 'a' })]
      for (const view of views) await call(view)
      await backend.disconnect()
      for (const view of views) await rejectsWith('MG_NOT_CONNECTED', () => call(view), `${method}()`)
      await backend.connect()
      await backend.initializeSchema()
      for (const view of views) assert.notEqual(await codeOf(() => call(view)), 'MG_NOT_CONNECTED')
    },

    [`${method}() of a view takes onProgress and a signal, and nothing else in their place`]: async (
      backend,
    ) => {
      await draw(backend, [['ab', 'a', 'LEADS_TO', 'b']])
      const view = await backend.graph()
      const told: { done: number; total: number | null; phase: string }[] = []
      await call(view, { onProgress: (progress) => told.push({ ...progress }) })
      const last = told.at(-1)
      if (method !== 'neighbors') assert.ok(last && last.done === last.total, `${method}() tells of its end`)
      for (const { phase } of told) assert.equal(typeof phase, 'string')
      const running = new AbortController()
      await call(view, { onProgress: undefined, signal: running.signal })
      running.abort()
      await rejectsWith('MG_ABORTED', () => call(view, { signal: running.signal }), `${method}()`)
      const unfit: readonly unknown[] = [{ signal: 'stop' }, { onProgress: 'tell' }, { progress: 1 }, null, 5]
      for (const options of unfit)
        await rejectsWith(
          'MG_VALIDATION',
          () => call(view, options as GraphRunOptions),
          `${method}() with ${JSON.stringify(options)}`,
        )
    },
  }),
)
