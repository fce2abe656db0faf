// A process that stores memories one after the other and prints each id once it is acknowledged.
// node store-worker.mjs <database> <name> <how many> [bulk size]
import { TursoBackend } from '../../dist/index.js'

const [path, name, many, bulk] = process.argv.slice(2)
const backend = await TursoBackend.create({ path })
const memory = (id) => ({ id, type: 'general', title: `Memory ${id}`, content: `Stored by process ${name}` })
if (bulk === undefined) {
  for (let at = 0; at < Number(many); at++)
    process.stdout.write(`${await backend.storeMemory(memory(`${name}-${at}`))}\n`)
} else {
  for (let round = 0; round < Number(many); round++) {
    const ids = Array.from({ length: Number(bulk) }, (_, at) => `${name}-${round}-${at}`)
    await backend.storeMemories(ids.map(memory))
    process.stdout.write(`${ids.join('\n')}\n`)
  }
}
await backend.disconnect()
