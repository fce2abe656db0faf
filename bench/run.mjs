import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import Database from 'libsql'
import { tableOf } from './table.mjs'

/** The sections in the order they run; each is a file of that name, in a process of its own. */
const SECTIONS = [
  { name: 'get', title: 'Reading one memory' },
  { name: 'store', title: 'Storing' },
  { name: 'lag', title: 'Lateness of the event loop' },
  { name: 'indexing', title: 'First opening of a file of 20,000 memories that another program filled' },
  { name: 'graph', title: 'Filling a file with 100,000 memories and 300,000 relationships' },
  { name: 'connect', title: 'Opening that file', needsGraph: true },
  { name: 'related', title: 'Walking that graph', needsGraph: true },
  { name: 'search', title: 'Searching that file, 20 hits with the titles around them', needsGraph: true },
  { name: 'recall', title: 'Recalling from that file by questions in plain language', needsGraph: true },
  { name: 'vectors', title: 'The nearest of vectors of 384 components (raw: comparing all in the engine)' },
  { name: 'transfer', title: 'A graph of packages: import, export, pages, the past, cycles' },
  { name: 'traversal', title: 'Walking and measuring a graph of packages' },
  { name: 'replica', title: 'A local copy of a primary' },
  { name: 'remote', title: 'A primary alone' },
  { name: 'cli', title: 'Command line' },
]
const HERE = new URL('.', import.meta.url)

const { values: options } = parseArgs({
  options: {
    only: { type: 'string' },
    json: { type: 'boolean', default: false },
    'package-graph': { type: 'string' },
    million: { type: 'boolean' },
    peers: { type: 'boolean' },
    diskann: { type: 'boolean' },
  },
})
const chosen = chosenSections(options.only)
if (options['package-graph'] !== undefined) process.env.MEMORYGRAPH_BENCH_GRAPH = options['package-graph']
process.env.MEMORYGRAPH_BENCH_ALSO = ['million', 'peers', 'diskann'].filter((name) => options[name]).join()
const folder = mkdtempSync(join(tmpdir(), 'memorygraph-turso-bench-'))
process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
process.once('SIGINT', () => process.exit(130))

const results = []
for (const { name, title } of chosen) {
  if (!options.json) process.stderr.write(`${title} …\n`)
  results.push({ name, title, rows: await run(name) })
}
report({ machine: machineFacts(), sections: results })

function chosenSections(only) {
  if (only === undefined) return SECTIONS
  const wanted = SECTIONS.find(({ name }) => name === only)
  if (!wanted) {
    throw new Error(`No section "${only}": there are ${SECTIONS.map(({ name }) => name).join(', ')}`)
  }
  return SECTIONS.filter((section) => section === wanted || (wanted.needsGraph && section.name === 'graph'))
}

/**
 * Runs a section in a process of its own.
 *
 * @returns {Promise<import('./rows.mjs').Row[]>}
 */
async function run(name) {
  const child = fork(new URL(`sections/${name}.mjs`, HERE), [folder], { execArgv: ['--expose-gc'] })
  const ended = once(child, 'exit')
  let rows
  child.on('message', (message) => {
    rows = message
  })
  const [code] = await ended
  if (code !== 0 || !rows) throw new Error(`The section "${name}" failed`)
  return rows
}

function machineFacts() {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', HERE), 'utf8'))
  const database = new Database(':memory:')
  const { sqlite } = database.prepare('SELECT sqlite_version() AS sqlite').get()
  database.close()
  return {
    package: version,
    node: process.versions.node,
    sqlite,
    cpus: availableParallelism(),
    platform: process.platform,
  }
}

/** Of a run of everything, the figures are kept in a file too. */
function report(result) {
  const json = `${JSON.stringify({ measured_at: new Date().toISOString(), ...result }, null, 2)}\n`
  if (options.json) {
    process.stdout.write(json)
    return
  }
  const { machine, sections } = result
  console.log(
    `memorygraph-turso ${machine.package}, Node ${machine.node}, SQLite ${machine.sqlite}, ${machine.cpus} CPUs\n`,
  )
  console.log(tableOf(sections))
  if (options.only !== undefined) return
  const results = new URL('results/', HERE)
  mkdirSync(results, { recursive: true })
  writeFileSync(new URL('latest.json', results), json)
}
