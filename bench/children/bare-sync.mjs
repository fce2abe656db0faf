// Syncs a replica by the engine's own handle, and says how long that took and how late the event loop was meanwhile.
import { setTimeout as delay } from 'node:timers/promises'
import Database from 'libsql'
import { lagDuring, timed } from '../measure.mjs'

const [path, url] = process.argv.slice(2)
const database = new Database(path, { syncUrl: url })
let taken
let report
const { max } = await lagDuring(async () => {
  await delay(50)
  taken = await timed(() => {
    report = database.sync()
  })
  await delay(50)
})
process.send({ taken, longest: max, frames: report.frames_synced })
process.disconnect()
