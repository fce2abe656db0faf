// Stores memories one after the other until its time is over, then tells the parent how it went.
import { setImmediate as nextTick } from 'node:timers/promises'
import { TursoBackend } from '../../dist/index.js'
import { memories } from '../data.mjs'

const [path, seed, milliseconds] = process.argv.slice(2)
const backend = await TursoBackend.create({ path })
const inputs = memories(500, { seed: Number(seed) })
process.send('ready')
await new Promise((resolve) => process.once('message', resolve))

let stored = 0
let failed = 0
let longest = 0
const end = performance.now() + Number(milliseconds)
while (performance.now() < end) {
  const start = performance.now()
  try {
    await backend.storeMemory(inputs[stored % inputs.length])
    stored++
  } catch {
    failed++
  }
  longest = Math.max(longest, performance.now() - start)
  await nextTick()
}
process.send({ stored, failed, longest })
await backend.disconnect()
process.disconnect()
