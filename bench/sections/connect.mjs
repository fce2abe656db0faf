import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { graphPath } from '../graph.mjs'
import { median } from '../measure.mjs'
import { factRow, limitRow } from '../rows.mjs'
import { section } from '../section.mjs'

const RUNS = 15
const CHILD = fileURLToPath(new URL('../children/connect.mjs', import.meta.url))

await section(async (folder) => {
  const bare = []
  const connected = []
  for (let run = 0; run < RUNS; run++) {
    bare.push(start([]))
    connected.push(start([graphPath(folder)]))
  }
  const [time, memory, bareMemory] = [
    median(connected.map(({ ms }) => ms)),
    median(connected.map(({ megabytes }) => megabytes)),
    median(bare.map(({ megabytes }) => megabytes)),
  ]
  return [
    limitRow('import and connect()', 'ms', time, 150),
    limitRow('resident memory afterwards', 'MB', memory, 100),
    factRow('  beyond bare Node', 'MB', memory - bareMemory),
  ]
})

function start(parameters) {
  return JSON.parse(execFileSync(process.execPath, [CHILD, ...parameters], { encoding: 'utf8' }))
}
