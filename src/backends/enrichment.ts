import { breathe } from '../breathe.js'
import type { Memory } from '../model/memory.js'
import type { CompleteSnippetOptions } from '../model/snippet-options.js'
import type { Timestamp } from '../model/timestamp.js'
import { matchInfoFor } from '../search/match-info.js'
import { snippetFor } from '../search/snippet.js'
import type { TextMatch } from '../search/text-match.js'
import type { GraphReader, RelatedTitle } from './graph-driver.js'

/** Titles a memory's `relationships` hold at most, the strongest relationships first, as in MemoryGraph. */
const MAX_RELATED_TITLES = 20
const MAX_TITLES_IN_SUMMARY = 2

/** Fills `relationships` of memories, of now or of an instant: one query, however many they are. */
export async function addRelationships(
  reader: GraphReader,
  memories: readonly Memory[],
  asOf: Timestamp | null,
): Promise<Map<string, RelatedTitle[]>> {
  const rows = await reader.getRelatedTitles(
    memories.map((memory) => memory.id),
    MAX_RELATED_TITLES,
    asOf,
    [],
  )
  const rowsById = new Map<string, RelatedTitle[]>(memories.map((memory) => [memory.id, []]))
  for (const row of rows) rowsById.get(row.near)?.push(row)
  for (const memory of memories) memory.relationships = titlesByType(rowsById.get(memory.id) ?? [])
  return rowsById
}

/** Fills `relationships` and `context_summary` of hits. */
export async function enrich(
  reader: GraphReader,
  memories: readonly Memory[],
  asOf: Timestamp | null,
): Promise<void> {
  const rowsById = await addRelationships(reader, memories, asOf)
  for (const memory of memories) memory.context_summary = summaryOf(memory, rowsById.get(memory.id) ?? [])
}

/** Fills `match_info` of hits, with snippets where they are wanted. */
export async function addMatchInfo(
  memories: readonly Memory[],
  match: TextMatch | null,
  snippets: CompleteSnippetOptions | null,
): Promise<void> {
  const matchInfoOf = matchInfoFor(match)
  const snippetOf = snippets && snippetFor(match, snippets)
  for (const memory of memories) {
    await breathe()
    memory.match_info = { ...matchInfoOf(memory), ...(snippetOf && { snippet: snippetOf(memory) }) }
  }
}

function titlesByType(rows: readonly RelatedTitle[]): { [type: string]: string[] } {
  const titles = new Map<string, string[]>()
  for (const row of rows) {
    const key = row.rel_type.toLowerCase()
    const list = titles.get(key)
    if (list) list.push(row.title)
    else titles.set(key, [row.title])
  }
  return Object.fromEntries(titles)
}

/** "Solution solves X, in Y", as MemoryGraph words it, but with the real direction of each relationship. */
function summaryOf(memory: Memory, rows: readonly RelatedTitle[]): string {
  const titles = (type: string, outgoing: boolean): string[] =>
    rows.filter((row) => row.rel_type === type && row.outgoing === outgoing).map((row) => row.title)
  const type = memory.type.replaceAll('_', ' ')
  const head = type.charAt(0).toUpperCase() + type.slice(1)
  const solves = titles('SOLVES', true).slice(0, MAX_TITLES_IN_SUMMARY)
  const solvedBy = titles('SOLVES', false).slice(0, 1)
  const usedIn = titles('USED_IN', true).slice(0, 1)
  const parts = [
    ...(solves.length > 0 ? [`solves ${solves.join(', ')}`] : solvedBy.map((title) => `solved by ${title}`)),
    ...usedIn.map((title) => `in ${title}`),
  ]
  return parts.length > 0 ? `${head} ${parts.join(', ')}` : head
}
