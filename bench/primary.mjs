import { fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

const LOOPBACK = '127.0.0.1'
const PROXY = new URL('./children/proxy.mjs', import.meta.url)
const START_TIMEOUT_MS = 10_000

/** Where the libSQL server is; `null` when the package that holds it for this machine is not installed. */
export function sqldBinary() {
  try {
    const wrapper = createRequire(import.meta.url).resolve('sqld/package.json')
    return createRequire(wrapper).resolve(`@sqld/${process.platform}-${process.arch}/sqld`)
  } catch {
    return null
  }
}

/**
 * A libSQL server on a loopback port, in a process of its own, with its data in a folder. It can start with the content of a
 * database file of this library that nobody has open.
 */
export async function startPrimary(folder, { content } = {}) {
  if (content !== undefined) placeContent(folder, content)
  const port = await freePort()
  const child = spawn(sqldBinary(), serverArguments(folder, port), {
    stdio: 'ignore',
    env: { RUST_LOG: 'off' },
  })
  killWithThisProcess(child)
  await answers(child, port)
  return {
    port,
    url: urlOf(port),
    /** Lets it do nothing more, while the system still accepts connections for it. */
    async freeze() {
      child.kill('SIGSTOP')
      while (!isFrozen(child.pid)) await delay(1)
    },
    thaw: () => child.kill('SIGCONT'),
    async stop() {
      const ended = once(child, 'exit')
      child.kill('SIGKILL')
      await ended
    },
  }
}

/** A proxy, in a process of its own, that makes each answer of a server come later by a time, half of it in each direction. */
export async function startProxy(port, latencyMs) {
  const child = fork(PROXY, [String(port), String(latencyMs)], { execArgv: [] })
  const [{ port: own }] = await once(child, 'message')
  return {
    url: urlOf(own),
    /** The HTTP requests that went through so far. */
    async requests() {
      child.send('requests?')
      const [{ requests }] = await once(child, 'message')
      return requests
    },
    async stop() {
      const ended = once(child, 'exit')
      child.disconnect()
      await ended
    },
  }
}

function placeContent(folder, content) {
  const data = join(folder, 'dbs', 'default')
  mkdirSync(data, { recursive: true })
  copyFileSync(content, join(data, 'data'))
}

function urlOf(port) {
  return `http://${LOOPBACK}:${port}`
}

function serverArguments(folder, port) {
  return [
    ...['--db-path', folder],
    ...['--http-listen-addr', `${LOOPBACK}:${port}`],
    ...['--idle-shutdown-timeout-s', '600', '--no-welcome'],
    ...['--max-log-size', '4000'], // MB; when it compacts its log, it sends something else than just before
  ]
}

async function freePort() {
  const server = createServer().listen(0, LOOPBACK)
  await once(server, 'listening')
  const { port } = server.address()
  server.close()
  await once(server, 'close')
  return port
}

async function answers(child, port) {
  const end = performance.now() + START_TIMEOUT_MS
  while (!(await isHealthy(port))) {
    if (child.exitCode !== null || performance.now() > end) throw new Error('sqld did not start')
    await delay(20)
  }
}

async function isHealthy(port) {
  try {
    return (await fetch(`${urlOf(port)}/health`)).ok
  } catch {
    return false
  }
}

/** Whether all threads of a process have stopped, which some do only a while after the signal. */
function isFrozen(pid) {
  const threads = `/proc/${pid}/task`
  if (!existsSync(threads)) return true
  return readdirSync(threads).every((thread) =>
    readFileSync(join(threads, thread, 'stat'), 'utf8').includes(') T '),
  )
}

/** Kills a process when this one ends in whatever way: one that is frozen heeds nothing else. */
function killWithThisProcess(child) {
  const guard = spawn('sh', ['-c', `read -r _; kill -9 ${child.pid}`], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  })
  guard.unref()
  guard.stdin.unref()
  child.once('exit', () => guard.kill('SIGKILL'))
}
