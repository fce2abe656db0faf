// Connects, waits until it is told that the primary is frozen, does its work, says so, and ends by itself.
// "disconnects" does so while a write, and in replica mode a sync, wait. "forgets" does not. Neither does "hurries", which connects
// only then, nor "syncs", which does so in the background all the time.
import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { TursoBackend } from '../../dist/index.js'
import { idAt, memories } from '../data.mjs'
import { timed } from '../measure.mjs'

const UNDER_WAY_MS = 500

const [how, options] = process.argv.slice(2)
let backend = await connect()
if (how === 'hurries') await backend.disconnect()
process.send('ready')
await once(process, 'message')
if (how === 'hurries') backend = await connect({ untilSynced: false })
const { sync } = backend.capabilities
if (how === 'syncs') await delay(UNDER_WAY_MS)
if (sync) await backend.getMemory(idAt(0))
const disconnect = how === 'disconnects' ? await disconnectInTheMiddle() : null
process.send({ disconnect })
process.disconnect()

/** Connects, and waits until the sync in the background that this begins is done. */
async function connect({ untilSynced = true } = {}) {
  const opened = new TursoBackend({
    ...JSON.parse(options),
    ...(how === 'syncs' && { syncIntervalSeconds: 0.1 }),
  })
  const synced = new Promise((resolve) => opened.on('sync', resolve))
  await opened.connect()
  await opened.initializeSchema()
  if (untilSynced && opened.capabilities.sync) await keepingAlive(synced)
  return opened
}

/** What nobody waits for keeps no process alive. */
async function keepingAlive(promise) {
  const timer = setInterval(() => undefined, 1_000)
  await promise
  clearInterval(timer)
}

async function disconnectInTheMiddle() {
  const asked = [backend.storeMemory(memories(1)[0]), ...(sync ? [backend.sync()] : [])]
  const refused = Promise.allSettled(asked)
  await delay(UNDER_WAY_MS)
  const taken = await timed(() => backend.disconnect())
  await refused
  return taken
}
