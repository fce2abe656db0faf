import { type ChildProcess, spawn } from 'node:child_process'
import { generateKeyPairSync, type KeyPairKeyObjectResult, sign } from 'node:crypto'
import { once } from 'node:events'
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { get, type IncomingMessage } from 'node:http'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { listenSomewhere } from './tcp-proxy.js'

/** How a server is to be started. */
export type SqldOptions = {
  /** Where its data is or shall be, which stays when the server goes; a folder that goes with it where it is left out. */
  readonly folder?: string
  /** The port of both HTTP and replication; a free one where it is left out. */
  readonly port?: number
  /** Whether it asks for tokens. */
  readonly withTokens?: boolean
  /** More command line arguments. */
  readonly flags?: readonly string[]
}

/** What a token is to say. */
export type TokenOptions = {
  /** `rw` where it is left out. */
  readonly access?: 'rw' | 'ro'
  /** One hour where it is left out. The server forgives a minute. */
  readonly expiresInSeconds?: number
  /** Claims that are added, or put in place of those. */
  readonly claims?: Readonly<Record<string, unknown>>
}

const LOOPBACK = '127.0.0.1'
const START_TIMEOUT_MS = 10_000
const START_ATTEMPTS = 5
/** More than a shutdown takes, connections or not. */
const STOP_AGAIN_MS = 1500

/** Said once it has the port: what answers there before may be another server. */
const HAS_PORT = 'listening for incoming user HTTP connection'
const PORT_IS_TAKEN = 'Address already in use'

/** Servers that were not disposed of, and end with this process. */
const left = new Set<Sqld>()
process.once('exit', () => {
  for (const sqld of left) sqld.abandon()
})

/** The wrapper's own command needs its install script to have run; the binary of the platform's package does not. */
function findBinary(): string {
  const wrapper = createRequire(import.meta.url).resolve('sqld/package.json')
  return createRequire(wrapper).resolve(`@sqld/${process.platform}-${process.arch}/sqld`)
}

async function freePort(): Promise<number> {
  const server = createServer()
  const port = await listenSomewhere(server)
  server.close()
  await once(server, 'close')
  return port
}

function isRunning(child: ChildProcess): boolean {
  return child.exitCode === null && child.signalCode === null
}

/** Resolves when all threads of a process have stopped: they may go on for a while after the signal to do so was sent. */
async function stopped(child: ChildProcess): Promise<void> {
  const tasks = `/proc/${child.pid}/task`
  if (!existsSync('/proc/self/task')) await sleep(50)
  else while (isRunning(child) && !areStopped(tasks)) await sleep(1)
}

function areStopped(tasks: string): boolean {
  try {
    return readdirSync(tasks).every((task) =>
      readFileSync(join(tasks, task, 'stat'), 'utf8').includes(') T '),
    )
  } catch {
    return false // a thread that ended meanwhile
  }
}

/** Kills a process when this one ends in whatever way: SIGKILL lets no handler run, and one that is frozen never times out. */
function killWithThisProcess(child: ChildProcess): void {
  const guard = spawn('sh', ['-c', `read -r _; kill -9 ${child.pid}`], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  })
  guard.unref()
  child.once('exit', () => guard.kill('SIGKILL'))
}

async function isHealthy(port: number): Promise<boolean> {
  try {
    const request = get({ host: LOOPBACK, port, path: '/health', agent: false })
    const [response] = (await once(request, 'response')) as [IncomingMessage]
    response.resume()
    return response.statusCode === 200
  } catch {
    return false
  }
}

/** Resolves when a server that was just started answers. */
function answers(child: ChildProcess, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = ''
    const timer = setTimeout(() => child.kill('SIGKILL'), START_TIMEOUT_MS)
    const becomesHealthy = async () => {
      while (!(await isHealthy(port))) {
        if (!isRunning(child)) return
        await sleep(10)
      }
      clearTimeout(timer)
      resolve()
    }
    const hear = (text: Buffer) => {
      const hadPort = said.includes(HAS_PORT)
      said = `${said}${text}`.slice(-4000)
      if (!hadPort && said.includes(HAS_PORT)) void becomesHealthy()
    }
    child.stdout?.on('data', hear)
    child.stderr?.on('data', hear)
    child.once('close', (code, signal) => {
      clearTimeout(timer)
      reject(new Error(`sqld ended with ${code ?? signal} instead of starting:\n${said}`))
    })
  })
}

/** A libSQL server in a process of its own. */
export class Sqld {
  readonly port: number
  readonly url: string
  /** Where its data is. */
  readonly folder: string
  readonly #scratch: string
  readonly #keys: KeyPairKeyObjectResult | undefined
  readonly #adminPort: number
  readonly #flags: readonly string[]
  #child: ChildProcess | undefined
  #copies = 0

  /** @internal */
  constructor(scratch: string, port: number, adminPort: number, options: SqldOptions) {
    this.port = port
    this.url = `http://${LOOPBACK}:${port}`
    this.folder = options.folder ?? join(scratch, 'data')
    this.#scratch = scratch
    this.#keys = options.withTokens ? generateKeyPairSync('ed25519') : undefined
    this.#adminPort = adminPort
    this.#flags = options.flags ?? []
    left.add(this)
  }

  /** The id of its process while it runs. */
  get pid(): number | undefined {
    return this.#running?.pid
  }

  /** A token that this server, and no other, accepts. */
  token({ access = 'rw', expiresInSeconds = 3600, claims = {} }: TokenOptions = {}): string {
    if (!this.#keys) throw new Error('This sqld was started without tokens')
    const exp = Math.floor(Date.now() / 1000) + expiresInSeconds
    const signed = [
      { alg: 'EdDSA', typ: 'JWT' },
      { a: access, exp, ...claims },
    ]
      .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
      .join('.')
    return `${signed}.${sign(null, Buffer.from(signed), this.#keys.privateKey).toString('base64url')}`
  }

  /** Ends it at once; the next start gives its replication log a new id, so that replicas copy everything anew. */
  kill(): Promise<void> {
    return this.#end('SIGKILL')
  }

  /** Ends it in order, which keeps the id of its replication log. */
  stop(): Promise<void> {
    return this.#end('SIGTERM')
  }

  /** Starts it again after `kill()` or `stop()`: the same data, port and tokens. */
  async restart(): Promise<void> {
    if (this.#running) throw new Error('This sqld is running')
    const child = spawn(findBinary(), this.#parameters(), {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: this.#environment(),
    })
    await once(child, 'spawn')
    this.#child = child
    killWithThisProcess(child)
    await answers(child, this.port)
  }

  /** Lets it do nothing more, while the system still accepts connections for it. */
  async freeze(): Promise<void> {
    const child = this.#running
    if (child?.kill('SIGSTOP')) await stopped(child)
  }

  /** Ends what `freeze()` began. */
  thaw(): void {
    this.#running?.kill('SIGCONT')
  }

  /** Refuses writes, with `BLOCKED`, until it is told otherwise or starts again. */
  async blockWrites(blocked: boolean): Promise<void> {
    const url = `http://${LOOPBACK}:${this.#adminPort}/v1/namespaces/default/config`
    const config = (await (await fetch(url)).json()) as object
    const { ok, status } = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...config, block_writes: blocked }),
    })
    if (!ok) throw new Error(`sqld did not change its configuration: ${status}`)
  }

  /** Stops it, copies its data, starts it again, and resolves to the folder of the copy, which goes with the server. */
  async backup(): Promise<string> {
    const copy = join(this.#scratch, `backup-${++this.#copies}`)
    await this.stop()
    cpSync(this.folder, copy, { recursive: true })
    await this.restart()
    return copy
  }

  /** Stops it, puts the data of a copy in place of its own, and starts it again. */
  async restore(copy: string): Promise<void> {
    await this.stop()
    rmSync(this.folder, { recursive: true, force: true })
    cpSync(copy, this.folder, { recursive: true })
    await this.restart()
  }

  /** Stops it, deletes its data, and starts it again, empty. */
  async wipe(): Promise<void> {
    await this.stop()
    rmSync(this.folder, { recursive: true, force: true })
    await this.restart()
  }

  /** Kills it and deletes what it made outside of a folder it was given. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill()
    this.abandon()
  }

  /** @internal What can be done of disposing without waiting. */
  abandon(): void {
    left.delete(this)
    this.#running?.kill('SIGKILL')
    rmSync(this.#scratch, { recursive: true, force: true })
  }

  get #running(): ChildProcess | undefined {
    return this.#child && isRunning(this.#child) ? this.#child : undefined
  }

  async #end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const child = this.#running
    if (!child) return
    const send = () => {
      child.kill(signal)
      // A process that is stopped heeds SIGTERM only once it goes on.
      child.kill('SIGCONT')
    }
    // One part of sqld may miss a SIGTERM that comes right after its start, and the others then wait for it for ever.
    const again = setInterval(send, STOP_AGAIN_MS)
    const ended = once(child, 'exit')
    send()
    await ended
    clearInterval(again)
  }

  #parameters(): string[] {
    return [
      ...['--db-path', this.folder],
      ...['--http-listen-addr', `${LOOPBACK}:${this.port}`],
      ...['--admin-listen-addr', `${LOOPBACK}:${this.#adminPort}`],
      ...['--shutdown-timeout', '1', '--idle-shutdown-timeout-s', '600', '--no-welcome'],
      ...this.#flags,
    ]
  }

  #environment(): NodeJS.ProcessEnv {
    const key = this.#keys?.publicKey.export({ format: 'jwk' }).x
    return { RUST_LOG: 'sqld=info', RUST_BACKTRACE: '0', ...(key && { SQLD_AUTH_JWT_KEY: key }) }
  }
}

/** Starts a libSQL server on a loopback port. */
export async function startSqld(options: SqldOptions = {}): Promise<Sqld> {
  for (let attempt = 1; ; attempt++) {
    const scratch = mkdtempSync(join(tmpdir(), 'memorygraph-sqld-'))
    const sqld = new Sqld(scratch, options.port ?? (await freePort()), await freePort(), options)
    try {
      await sqld.restart()
      return sqld
    } catch (error) {
      sqld.abandon()
      if (!String(error).includes(PORT_IS_TAKEN) || attempt === START_ATTEMPTS) throw error
    }
  }
}
