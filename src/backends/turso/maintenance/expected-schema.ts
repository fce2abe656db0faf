import { LocalDriver } from '../local/local-driver.js'
import { MEMORY_PATH } from '../memory-path.js'
import { query, type SqlSource } from '../sql-source.js'
import { completeOptions } from '../turso-options.js'

/** A table, index or trigger of ours. */
export type SchemaObject = { readonly name: string; readonly sql: string }

/** That a table is none of those that the engine keeps for a full-text index. */
export const NOT_KEPT_BY_ENGINE: string = ['mg_text', 'mg_trigram']
  .map((index) => `name NOT LIKE '${index.replace('_', '\\_')}\\_%' ESCAPE '\\'`)
  .join(' AND ')

/** Tables before indexes before triggers, as they can be made; without those that the engine keeps for a full-text index. */
const SELECT_OURS = `
SELECT name, sql FROM sqlite_master
WHERE name LIKE 'mg\\_%' ESCAPE '\\' AND sql IS NOT NULL AND ${NOT_KEPT_BY_ENGINE}
ORDER BY CASE type WHEN 'table' THEN 0 WHEN 'index' THEN 1 ELSE 2 END, rowid`

/** What of our schema a database lacks, in the order in which it can be made. */
export async function findMissing(source: SqlSource): Promise<SchemaObject[]> {
  const present = new Set((await ours(source)).map(({ name }) => name))
  newest ??= makeNew()
  return (await newest).filter(({ name }) => !present.has(name))
}

/** What a new database has; it is made once. */
let newest: Promise<SchemaObject[]> | undefined

async function makeNew(): Promise<SchemaObject[]> {
  const driver = new LocalDriver(completeOptions({ path: MEMORY_PATH, mode: 'local' }))
  await driver.connect()
  try {
    await driver.initializeSchema({})
    return await ours(driver)
  } finally {
    await driver.disconnect()
  }
}

async function ours(source: SqlSource): Promise<SchemaObject[]> {
  const [rows = []] = await source.read([query(SELECT_OURS)])
  return rows.map(([name, sql]) => ({ name: String(name), sql: String(sql) }))
}
