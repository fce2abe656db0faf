import { isBusy, translateError } from '../translate-error.js'
import { collectGarbage } from './collect-garbage.js'
import { Connection } from './connection.js'
import { patiently } from './local-writer.js'

/** Which file, and how long to wait for others to let go of it, in milliseconds. */
export type SoleUseOptions = {
  readonly path: string
  readonly encryptionKey: string | undefined
  readonly busyTimeoutMs: number
}

/** Collecting garbage takes long, and helps at once or not at all. */
const MAX_COLLECTIONS = 3

/**
 * Opens a file that nobody else has open, in a transaction that keeps it so. Its log is gone: all is in the one file. Whoever opens it
 * now, and finds it under another name when the lock is gone, cannot write to it, as the engine checks without a log.
 *
 * @throws `MG_BUSY` somebody else has it open
 */
export async function takeSoleUse({
  path,
  encryptionKey,
  busyTimeoutMs,
}: SoleUseOptions): Promise<Connection> {
  const what = `Cannot open ${path}`
  const connection = await Connection.open({ path, encryptionKey }).catch((error: unknown) => {
    throw translateError(error, what)
  })
  let collections = 0
  const take = (): void => {
    try {
      connection.exec('PRAGMA journal_mode = DELETE; BEGIN EXCLUSIVE')
    } catch (error) {
      if (isBusy(error) && collections++ < MAX_COLLECTIONS) collectGarbage()
      throw error
    }
  }
  try {
    await patiently(take, busyTimeoutMs, what)
    return connection
  } catch (error) {
    keepLog(connection)
    connection.close()
    throw error
  }
}

/** Ends the sole use of a file that stays in its place: with a log again, as this library keeps it. */
export function endSoleUse(connection: Connection): void {
  if (connection.inTransaction) connection.exec('ROLLBACK')
  keepLog(connection)
  connection.close()
}

// The next program that opens the file for writing does the same when this does not succeed.
function keepLog(connection: Connection): void {
  try {
    connection.exec('PRAGMA journal_mode = WAL')
  } catch {}
}
