import { setImmediate as turn } from 'node:timers/promises'
import { collectGarbage } from '../../src/backends/turso/local/collect-garbage.js'
import { TursoBackend, type TursoBackendOptions } from '../../src/index.js'

/** Does some work on the graph that these options lead to, in this process, which then has no file of it open any more. */
export async function withGraph<Result>(
  options: TursoBackendOptions,
  work: (graph: TursoBackend) => Promise<Result>,
): Promise<Result> {
  const graph = await TursoBackend.create(options)
  try {
    return await work(graph)
  } finally {
    await graph.disconnect()
    await turn()
    collectGarbage()
    await turn()
  }
}
