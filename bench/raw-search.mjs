import { titlesGetter } from './raw.mjs'

/** Of title, summary, tags and content. */
const TEXT_WEIGHTS = '4.0, 2.0, 3.0, 1.0'

/** How many hits every search returns. */
export const LIMIT = 20

const BY_RANK = `ORDER BY m.importance DESC, m.created_at DESC, m.id LIMIT ${LIMIT}`
const HITS = 'SELECT n.id, n.properties FROM mg_memory AS m JOIN nodes AS n ON n.id = m.id'
const SCAN = `SELECT id, properties FROM nodes WHERE label = 'Memory' AND`
const BY_RANK_IN_JSON = `ORDER BY json_extract(properties, '$.importance') DESC,
  json_extract(properties, '$.created_at') DESC, id LIMIT ${LIMIT}`

/** The hits of each kind of search by the SQL that one would write for it alone, over the library's own indexes. */
const INDEXED = {
  text: `
    SELECT n.id, n.properties FROM (
      SELECT rowid AS key, bm25(mg_text, ${TEXT_WEIGHTS}) AS score FROM mg_text WHERE mg_text MATCH ? ORDER BY score, rowid LIMIT ${LIMIT}
    ) AS hit JOIN mg_memory AS m ON m.key = hit.key JOIN nodes AS n ON n.id = m.id ORDER BY hit.score, hit.key`,
  tag: `${HITS}
    WHERE m.key IN (SELECT rowid FROM mg_text WHERE mg_text MATCH 'tags : "' || ?1 || '"')
      AND EXISTS (SELECT 1 FROM json_each(n.properties, '$.tags') WHERE value = ?1) ${BY_RANK}`,
  project: `${HITS} WHERE m.project_path = ? ${BY_RANK}`,
  type: `${HITS} WHERE m.type = ? ${BY_RANK}`,
  all: `${HITS} ${BY_RANK}`,
}

/** The same without our indexes: every memory's JSON is looked into. */
const SCANNED = {
  text: `${SCAN} (properties LIKE '%' || ?1 || '%' OR properties LIKE '%' || ?2 || '%') ${BY_RANK_IN_JSON}`,
  tag: `${SCAN} EXISTS (SELECT 1 FROM json_each(properties, '$.tags') WHERE value = ?) ${BY_RANK_IN_JSON}`,
  project: `${SCAN} json_extract(properties, '$.context_project_path') = ? ${BY_RANK_IN_JSON}`,
  type: `${SCAN} json_extract(properties, '$.type') = ? ${BY_RANK_IN_JSON}`,
  all: `${SCAN} 1 ${BY_RANK_IN_JSON}`,
}

/** Searches of one kind with the titles around each hit, as the library returns them. */
export function indexedSearch(database, kind) {
  return searchBy(database, INDEXED[kind], (values) =>
    kind === 'text' ? [values.map((word) => `"${word}"`).join(' OR ')] : values,
  )
}

/** The hits of words joined by OR, and nothing else about them. */
export function indexedHits(database) {
  const select = database.prepare(INDEXED.text).raw()
  return (words) => select.all([words.map((word) => `"${word}"`).join(' OR ')])
}

/** As {@link indexedSearch}, without our indexes. */
export function scannedSearch(database, kind) {
  return searchBy(database, SCANNED[kind], (values) => values)
}

function searchBy(database, sql, bindingsOf) {
  const select = database.prepare(sql).raw()
  const titlesOf = titlesGetter(database, { isList: true })
  return (values) => {
    const hits = select
      .all(bindingsOf(values))
      .map(([, properties]) => ({ ...JSON.parse(properties), relationships: [] }))
    const byId = new Map(hits.map((hit) => [hit.id, hit]))
    for (const title of titlesOf([...byId.keys()])) byId.get(title.near).relationships.push(title)
    return hits
  }
}
