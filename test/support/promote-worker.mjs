// A process that promotes a file and kills itself in the middle.
// node promote-worker.mjs <database> <url> <phase> <rows>: dies as soon as so many rows are done in that phase
// node promote-worker.mjs <database> <url> step <number> [no-links]: dies before so many files were written, named, renamed or removed
//   since the copy was complete; without that many it goes on to its end. Without links a file has one name at a time.
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { dirname } from 'node:path'
import { TursoBackend } from '../../dist/index.js'

const [path, url, phase, number, links] = process.argv.slice(2)
const die = () => process.kill(process.pid, 'SIGKILL')
let steps = 0
let isCounting = false

for (const name of ['writeFileSync', 'linkSync', 'renameSync', 'rmSync']) {
  const work = fs[name]
  fs[name] = (file, ...others) => {
    if (links === 'no-links' && name === 'linkSync')
      throw Object.assign(new Error('ENOTSUP'), { syscall: 'link' })
    const isStep = isCounting && file.startsWith(dirname(path)) && (name !== 'rmSync' || fs.existsSync(file))
    if (isStep && ++steps === Number(number)) die()
    return work(file, ...others)
  }
}
syncBuiltinESMExports()

await TursoBackend.promote({
  path,
  url,
  onProgress: ({ phase: current, done, total }) => {
    if (current === phase && done >= Number(number)) die()
    if (phase === 'step' && current === 'downloading' && done === total) isCounting = true
  },
})
