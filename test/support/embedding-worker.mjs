// A process that embeds what waits in a file, or all that is in it, slowly, and prints how many it has; or that stores a memory, and
// ends without a word to the backend while its embedder hangs.
// node embedding-worker.mjs <database> <model> drain|reembed|leave
import { setTimeout as delay } from 'node:timers/promises'
import { TursoBackend } from '../../dist/index.js'

const [path, model, what] = process.argv.slice(2)
const slow = async (texts) => {
  await delay(20)
  return texts.map((text) => [1, text.length])
}
const hanging = () => new Promise(() => undefined)
const embedder = { model, dimensions: 2, batchSize: 10, embed: what === 'leave' ? hanging : slow }
const backend = await TursoBackend.create({ path, embedder })
if (what === 'leave') {
  process.stdout.write(`${await backend.storeMemory({ type: 'general', title: 'Left', content: 'alone' })}\n`)
} else {
  const onProgress = ({ done }) => process.stdout.write(`${done}\n`)
  await (what === 'drain' ? backend.embedPending({ onProgress }) : backend.reembed({ onProgress }))
  await backend.disconnect()
}
