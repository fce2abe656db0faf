import { PUT_SETTING, SELECT_SETTING } from './schema.js'
import { query, readValues, type SqlDatabase, type SqlSource } from './sql-source.js'

const SETTING = 'kept_versions'

/**
 * Notes in a database how many earlier versions of each memory it keeps, unless that is noted, which a local copy of it may tell;
 * `undefined` leaves it as it is.
 */
export async function keepVersions(
  database: SqlDatabase,
  count: number | undefined,
  copy: SqlSource = database,
): Promise<void> {
  if (count === undefined) return
  const [noted] = await readValues(copy, query(SELECT_SETTING, SETTING))
  if (Number(noted ?? Number.NaN) === count) return
  await database.transact((transaction) => transaction.run([query(PUT_SETTING, SETTING, BigInt(count))]))
}
