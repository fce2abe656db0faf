// A process that stores memories through a copy of a primary, reads each back at once, and prints what came of it:
// "stored <id>", "unseen <id>" when the read did not show it, "refused <code>", "owner <pid>" whenever another process syncs.
// node replica-writer.mjs <url> <path> <name> <milliseconds>
import { setTimeout as delay } from 'node:timers/promises'
import { TursoBackend } from '../../dist/index.js'

const [url, path, name, milliseconds] = process.argv.slice(2)
const print = (line) => process.stdout.write(`${line}\n`)
const backend = await TursoBackend.create({ url, path, timeoutMs: 8_000, circuitResetMs: 200 })
let owner = null
const watching = setInterval(() => {
  const now = backend.syncStatus().owner?.pid ?? null
  if (now !== null && now !== owner) print(`owner ${now}`)
  owner = now
}, 20)
const end = performance.now() + Number(milliseconds)
for (let at = 0; performance.now() < end; at++) {
  const id = `${name}-${at}`
  try {
    await backend.storeMemory({ id, type: 'general', title: `Memory ${id}`, content: 'x'.repeat(800) })
    print(`${(await backend.getMemory(id, false)) ? 'stored' : 'unseen'} ${id}`)
  } catch (error) {
    print(`refused ${error.code} ${error.message}`)
  }
  await delay(5)
}
clearInterval(watching)
await backend.disconnect()
