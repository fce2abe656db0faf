import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { median, timed } from '../measure.mjs'
import { limitRow } from '../rows.mjs'
import { section } from '../section.mjs'

const RUNS = 10
const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url))

await section(async () => {
  const times = []
  if (existsSync(MAIN)) {
    while (times.length < RUNS)
      times.push(await timed(() => execFileSync(process.execPath, [MAIN, '--version'])))
  }
  return [limitRow('memorygraph-turso --version', 'ms', times.length > 0 ? median(times) : null, 250)]
})
