import type { RelationshipRow } from '../model/relationship-row.js'
import { compareText } from '../model/text-order.js'
import type { GraphReader, RelationshipPage } from './graph-driver.js'

/** Which relationships are listed. */
type Listed = Omit<RelationshipPage, 'afterId' | 'limit'>
/** One look at the store. */
type Look = (look: (reader: GraphReader) => Promise<RelationshipRow[]>) => Promise<RelationshipRow[]>

/** Rows read at a time. */
const PAGE_SIZE = 500

/** Relationships by id, a page at a time: all, or those among ids. */
export function relationshipPages(
  read: Look,
  ids: readonly string[] | null,
  listed: Listed,
): AsyncGenerator<RelationshipRow[], void, undefined> {
  return ids === null ? pagesOfAll(read, listed) : pagesAmong(read, ids, listed)
}

async function* pagesOfAll(read: Look, listed: Listed): AsyncGenerator<RelationshipRow[], void, undefined> {
  for (let afterId: string | null = null; ; ) {
    const page: RelationshipPage = { ...listed, afterId, limit: PAGE_SIZE }
    const rows = await read((reader) => reader.findRelationships(page))
    yield rows
    afterId = rows.at(-1)?.id ?? null
    if (rows.length < PAGE_SIZE) return
  }
}

async function* pagesAmong(
  read: Look,
  ids: readonly string[],
  { types, touching, currentOnly }: Listed,
): AsyncGenerator<RelationshipRow[], void, undefined> {
  const wanted = [...new Set(ids)].sort(compareText)
  const ends = touching && new Set(touching)
  const isListed = (row: RelationshipRow): boolean =>
    (types.length === 0 || types.includes(row.rel_type)) &&
    (ends === null || ends.has(row.from_id) || ends.has(row.to_id)) &&
    (!currentOnly || row.valid_until === null)
  for (let start = 0; start < wanted.length; start += PAGE_SIZE) {
    const page = wanted.slice(start, start + PAGE_SIZE)
    yield await read(async (reader) => {
      const rows = (await reader.getRelationships(page)).filter(isListed)
      return rows.sort((a, b) => compareText(a.id, b.id))
    })
  }
}
