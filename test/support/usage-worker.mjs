// A process that reads a memory again and again, and counts that.
// node usage-worker.mjs <database> <id> <how often>
import { TursoBackend } from '../../dist/index.js'

const [path, id, many] = process.argv.slice(2)
const backend = await TursoBackend.create({ path, trackUsage: true })
for (let at = 0; at < Number(many); at++) {
  await backend.getMemory(id)
  if (at % 10 === 0) await backend.disconnect().then(() => backend.connect()) // which writes the count
}
await backend.disconnect()
