import { exportFile, TursoBackend } from '../../dist/index.js'
import { timed } from '../measure.mjs'

const [path, file] = process.argv.slice(2)
const backend = await TursoBackend.create({ path })
const taken = await timed(() => exportFile(backend, file))
await backend.disconnect()
process.send({ taken, megabytes: process.resourceUsage().maxRSS / 1024 })
process.disconnect()
