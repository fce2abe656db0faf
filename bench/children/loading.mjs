import { TursoBackend } from '../../dist/index.js'

/** Reads the whole graph of a file: how long it takes, and the memory that it takes besides that of the open file. */
const [, , path] = process.argv
const backend = await TursoBackend.create({ path })
const view = await backend.graph({ direction: 'outgoing' })
globalThis.gc()
const before = process.memoryUsage.rss()
const start = performance.now()
const size = await view.load()
const taken = performance.now() - start
globalThis.gc()
process.send({ taken, megabytes: (process.memoryUsage.rss() - before) / 2 ** 20, ...size })
await backend.disconnect()
process.disconnect()
