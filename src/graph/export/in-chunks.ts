import type { GraphRunOptions } from '../graph-view.js'
import { turnsOf } from '../turns/turns-of.js'

const CHUNK_CHARACTERS = 64 * 1024

/** Pieces of text, of which there are `total` or a few more, joined to chunks, between which others have their turn. */
export async function* inChunks(
  pieces: Iterable<string>,
  total: number,
  run: GraphRunOptions,
): AsyncGenerator<string, void, undefined> {
  const turns = turnsOf(run, 'writing', total)
  let chunk: string[] = []
  let [count, length] = [0, 0]
  for (const piece of pieces) {
    chunk.push(piece)
    count++
    length += piece.length
    if (length < CHUNK_CHARACTERS) continue
    yield chunk.join('')
    await turns.next(Math.min(count, total))
    chunk = []
    length = 0
  }
  yield chunk.join('')
}
