// A process that opens a file anew again and again, and moves its log into it.
// node checkpoint-worker.mjs <database>
import { setTimeout as delay } from 'node:timers/promises'
import Database from 'libsql'

const MODES = ['PASSIVE', 'FULL', 'RESTART', 'TRUNCATE']

for (let round = 0; ; round++) {
  const database = new Database(process.argv[2], { timeout: 1_000 })
  try {
    for (const mode of MODES) {
      database.exec(`PRAGMA wal_checkpoint(${mode})`)
      await delay(2)
    }
  } catch (error) {
    if (!/^SQLITE_BUSY/.test(error.code)) throw error
  }
  database.close()
  if (round === 0) process.stdout.write('ready\n')
}
