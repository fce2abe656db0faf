// A process that has a replica open.
// node replica-worker.mjs serve <options>      does what the lines on its stdin ask for, until they end, then disconnects
// node replica-worker.mjs forget <options>     opens it, prints "opened", and does nothing more, or with "until told" first waits
//                                              until its stdin ends
// node replica-worker.mjs sync <options>       opens it, syncs at once, prints "synced", and leaves
// node replica-worker.mjs speak <options>      prints one line, uses the replica in every way, prints another
// node replica-worker.mjs leave <options> <ms> exits in the middle of what it does, that many milliseconds after it began
import { createInterface } from 'node:readline'
import { TursoBackend } from '../../dist/index.js'

const [what, json, more] = process.argv.slice(2)
const options = JSON.parse(json)
const work = { serve, forget, sync, speak, leave }
await work[what]()

/** A line in is `{ id, method, args }`; a line out `{ id, result }` or `{ id, error }`. */
async function serve() {
  const backend = await TursoBackend.create(options)
  say({ id: 0, result: null })
  const running = new Set()
  for await (const line of createInterface({ input: process.stdin })) {
    const call = answer(backend, JSON.parse(line)).finally(() => running.delete(call))
    running.add(call)
  }
  await Promise.all(running)
  await backend.disconnect()
}

async function answer(backend, { id, method, args }) {
  try {
    say({ id, result: (await backend[method](...args)) ?? null })
  } catch (error) {
    say({ id, error: { code: error.code, message: error.message } })
  }
}

async function forget() {
  await TursoBackend.create(options)
  process.stdout.write('opened\n')
  if (more === 'until told') process.stdin.resume()
}

async function sync() {
  const backend = await TursoBackend.create(options)
  await backend.sync()
  process.stdout.write('synced\n')
  await backend.disconnect()
}

async function speak() {
  process.stdout.write('before\n')
  const backend = await TursoBackend.create(options)
  await backend.storeMemory({ type: 'general', title: 'Spoken', content: 'Said by nobody else' })
  await backend.sync()
  await backend.searchMemories({ query: 'Spoken' })
  await backend.disconnect()
  const unreachable = await TursoBackend.create({ ...options, url: 'http://127.0.0.1:1', timeoutMs: 300 })
  await unreachable.sync().catch(() => undefined)
  await unreachable.disconnect()
  process.stdout.write('after\n')
}

async function leave() {
  setTimeout(() => process.exit(0), Number(more))
  const backend = await TursoBackend.create(options)
  for (;;) {
    await backend.storeMemories(
      Array.from({ length: 50 }, (_, at) => ({
        type: 'general',
        title: `Left ${at}`,
        content: 'x'.repeat(1000),
      })),
    )
    await backend.sync()
  }
}

function say(message) {
  process.stdout.write(`${JSON.stringify(message)}\n`)
}
