// A process that promotes a file and comes to a sudden end in the middle.
// node promote-worker.mjs <database> <url> <phase> <rows>: dies as soon as so many rows are done in that phase
// node promote-worker.mjs <database> <url> dies|fails <change> [one-name]: once the copy is complete, dies before a change of what is in
//   the folder, or is told there that the disk is full; without that change it goes on to its end. A change is its number, or, such
//   as "renameSync memory.db", the call and the file. With one-name no file can have two.
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { basename, dirname } from 'node:path'
import { TursoBackend } from '../../dist/index.js'

const [path, url, when, number, names] = process.argv.slice(2)
const folder = dirname(path)
const die = () => process.kill(process.pid, 'SIGKILL')
let changes = 0
let isCounting = false

function fail(code, syscall) {
  throw Object.assign(new Error(`${code}: no such luck, ${syscall}`), { code, syscall })
}

for (const name of ['writeFileSync', 'linkSync', 'renameSync', 'rmSync']) {
  const work = fs[name]
  fs[name] = (file, ...others) => {
    if (names === 'one-name' && name === 'linkSync') fail('ENOTSUP', 'link')
    const isChange = isCounting && file.startsWith(folder) && (name !== 'rmSync' || fs.existsSync(file))
    if (isChange && [String(++changes), `${name} ${basename(file)}`].includes(number)) {
      if (when === 'dies') die()
      fail('ENOSPC', name)
    }
    return work(file, ...others)
  }
}
syncBuiltinESMExports()

const onProgress = ({ phase, done, total }) => {
  if (phase === when && done >= Number(number)) die()
  if (phase === 'downloading' && done === total) isCounting = when === 'dies' || when === 'fails'
}
try {
  await TursoBackend.promote({ path, url, onProgress })
} catch (error) {
  console.log(`${error.code} ${error.message}`)
  process.exitCode = 1
}
