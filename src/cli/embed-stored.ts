import type { EmbedReport } from '../backends/graph-backend.js'
import { describeError } from './output.js'
import { counted } from './print-table.js'
import type { CommandTools } from './with-backend.js'

/** How long a command that stored memories waits for their vectors. */
const PATIENCE_MS = 10_000

/** Waits a while for the vectors of what was stored, where there is an embedder; says so where some are missing. */
export async function embedStored({ backend, output, hasEmbedder }: CommandTools): Promise<void> {
  if (!hasEmbedder) return
  const patience = new AbortController()
  const timer = setTimeout(() => patience.abort(), PATIENCE_MS)
  try {
    const { pending, last_error: error } = await backend.embedPending({ signal: patience.signal })
    if (pending > 0) output.warn(`${waiting(pending)}: ${error ?? 'they were written meanwhile'}`)
  } catch (error) {
    const reason = patience.signal.aborted ? 'it takes long' : describeError(error).message
    output.warn(`memories were stored and wait for vectors: ${reason}; run embed`)
  } finally {
    clearTimeout(timer)
  }
}

/** What became of memories that were to be embedded. */
export function printEmbedding({ model, embedded, pending }: EmbedReport): string {
  const done = `embedded ${counted(embedded, 'memory', 'memories')} with ${model}`
  return pending === 0 ? done : `${done}, ${waiting(pending)}`
}

function waiting(pending: number): string {
  return `${counted(pending, 'memory waits', 'memories wait')} for vectors`
}
