// A process that promotes a file and kills itself in the middle.
// node promote-worker.mjs <database> <url> <phase> <rows>: dies as soon as so many rows are done in that phase
import { TursoBackend } from '../../dist/index.js'

const [path, url, phase, rows] = process.argv.slice(2)
await TursoBackend.promote({
  path,
  url,
  onProgress: (progress) => {
    if (progress.phase === phase && progress.done >= Number(rows)) process.kill(process.pid, 'SIGKILL')
  },
})
