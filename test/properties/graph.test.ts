import { join } from 'node:path'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { GraphBackend, GraphOptions, RelatedOptions } from '../../src/backends/graph-backend.js'
import { TursoBackend } from '../../src/backends/turso/turso-backend.js'
import { graphOptions, operations, performOn, relatedOptions, startId } from '../support/random-operations.js'
import { scratchFolder } from '../support/scratch.js'

/** What one backend says of what lies around a node. */
async function around(
  backend: GraphBackend,
  start: string,
  related: RelatedOptions,
  options: GraphOptions,
): Promise<unknown> {
  const part = await (await backend.graph({ ...options, start, maxDepth: 2 })).graphology()
  const whole = await backend.graph(options)
  return {
    related: await backend.getRelatedMemories(start, related),
    nodes: part.mapNodes((id, attributes) => [id, attributes]),
    edges: part.mapEdges((id, attributes, from, to) => [id, attributes, from, to]),
    neighbors: [await whole.neighbors(start, 1), await whole.neighbors(start, 3)],
  }
}

it('A graph in memory answers as the file does, whatever is written by whom', {
  timeout: 120_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(
      operations,
      fc.array(fc.tuple(startId, relatedOptions, graphOptions), { minLength: 3, maxLength: 3 }),
      async (steps, questions) => {
        const path = join(scratchFolder(), 'memory.db')
        await using warm = await TursoBackend.create({ path, synchronous: 'normal' })
        const whole = await warm.graph()
        await whole.load()
        for (const [at, step] of steps.entries()) {
          await using cold = await TursoBackend.create({ path, synchronous: 'normal' })
          await performOn(at % 3 === 0 ? warm : cold, step)
          const [start, related, options] = questions[at % questions.length] as (typeof questions)[number]
          expect(
            await around(warm, start, related, options),
            `step ${at}: ${JSON.stringify([step, start, related, options])}`,
          ).toEqual(await around(cold, start, related, options))
        }
        const { nodes, relationships } = await whole.load()
        expect([nodes, relationships]).toEqual(await counted(warm))
      },
    ),
    { numRuns: 25, interruptAfterTimeLimit: 60_000, markInterruptAsFailure: false },
  )
})

async function counted(backend: GraphBackend): Promise<number[]> {
  const [row] = await backend.executeReadQuery(
    'SELECT (SELECT count(*) FROM nodes) AS n, (SELECT count(*) FROM relationships WHERE valid_until IS NULL) AS r',
  )
  return [Number(row?.['n']), Number(row?.['r'])]
}
