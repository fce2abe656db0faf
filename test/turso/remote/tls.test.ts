import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { TursoBackend, type TursoBackendOptions } from '../../../src/backends/turso/turso-backend.js'
import { scratchFolder } from '../../support/scratch.js'
import { type Sqld, startSqld } from '../../support/sqld.js'
import { type Authority, hasOpenssl, makeAuthority, startTlsProxy } from '../../support/tls.js'

/** Stores a memory and says how it reads, or what the failure was; whom it trusts is said when a process starts. */
const PROGRAM = `
import { TursoBackend } from ${JSON.stringify(new URL('../../../dist/index.js', import.meta.url).href)}
const [options, id] = process.argv.slice(1)
const say = (outcome) => process.stdout.write(JSON.stringify(outcome))
try {
  const backend = await TursoBackend.create(JSON.parse(options))
  await backend.storeMemory({ id, type: 'general', title: 'Stored by ' + id, content: 'Over TLS' })
  const memory = await backend.getMemory(id)
  const { mode, sync_url, primary, last_sync_error } = await backend.healthCheck()
  await backend.disconnect()
  say({ title: memory?.title, mode, sync_url, online: primary.online, last_sync_error })
} catch ({ code, message }) {
  say({ code, message })
}
`

/** What the program says, in an environment with more variables. */
async function outcomeOf(
  options: TursoBackendOptions,
  environment: NodeJS.ProcessEnv,
  id = 'a',
): Promise<Record<string, unknown>> {
  const { NODE_EXTRA_CA_CERTS: _extra, SSL_CERT_FILE: _file, SSL_CERT_DIR: _folder, ...env } = process.env
  const args = ['--input-type=module', '-e', PROGRAM, JSON.stringify(options), id]
  const child = spawn(process.execPath, args, {
    env: { ...env, ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  let said = ''
  child.stdout.on('data', (data) => {
    said += data
  })
  await once(child, 'close')
  return JSON.parse(said)
}

/** A primary behind TLS whose certificate is for a name, and the authority that signed it. */
async function startGuarded(
  name = 'localhost',
  days = 2,
): Promise<{ sqld: Sqld; port: number; authority: Authority }> {
  const sqld = await startSqld()
  onTestFinished(() => sqld[Symbol.asyncDispose]())
  const authority = makeAuthority()
  return { sqld, port: await startTlsProxy(sqld, authority.sign(name, days)), authority }
}

/** The memories of a primary, read without TLS; `null` when there is not even a schema. */
async function titlesIn(sqld: Sqld): Promise<string[] | null> {
  await using backend = new TursoBackend({ url: sqld.url, mode: 'remote' })
  await backend.connect()
  const [schema] = await backend.executeQuery("SELECT 1 FROM sqlite_master WHERE name = 'mg_schema'")
  return schema ? (await backend.searchMemories({})).map(({ title }) => title).sort() : null
}

describe.skipIf(!hasOpenssl)('a primary behind TLS (openssl is needed)', () => {
  it.each(['https', 'libsql', 'wss'])('is used at %s: in remote mode', async (scheme) => {
    const { sqld, port, authority } = await startGuarded()
    const url = `${scheme}://localhost:${port}`
    const outcome = await outcomeOf({ url, mode: 'remote' }, { NODE_EXTRA_CA_CERTS: authority.file })
    expect(outcome).toMatchObject({ title: 'Stored by a', mode: 'remote', sync_url: url, online: true })
    expect(await titlesIn(sqld)).toEqual(['Stored by a'])
  })

  it.each(['https', 'libsql'])('is followed at %s: in replica mode', async (scheme) => {
    const { sqld, port, authority } = await startGuarded()
    const path = join(scratchFolder(), 'replica.db')
    const trust = { NODE_EXTRA_CA_CERTS: authority.file, SSL_CERT_FILE: authority.file }
    for (const id of ['a', 'b']) {
      expect(await outcomeOf({ url: `${scheme}://localhost:${port}`, path }, trust, id)).toMatchObject({
        title: `Stored by ${id}`,
        mode: 'embedded_replica',
        online: true,
        last_sync_error: null,
      })
    }
    expect(await titlesIn(sqld)).toEqual(['Stored by a', 'Stored by b'])
    await using file = await TursoBackend.create({ path })
    expect(await file.getMemories(['a', 'b'])).toHaveLength(2)
  })

  it.each([
    ['an authority that is not trusted', 'localhost', 2, false, 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
    ['another name', 'elsewhere.example', 2, true, 'ERR_TLS_CERT_ALTNAME_INVALID'],
    ['a time that has passed', 'localhost', -1, true, 'CERT_HAS_EXPIRED'],
  ])(
    'whose certificate is of %s is refused with that reason, and not written to',
    async (_what, name, days, isTrusted, reason) => {
      const { sqld, port, authority } = await startGuarded(name, days)
      const trust = isTrusted ? { NODE_EXTRA_CA_CERTS: authority.file, SSL_CERT_FILE: authority.file } : {}
      const path = join(scratchFolder(), 'replica.db')
      for (const options of [{ mode: 'remote' } as const, { path }]) {
        const outcome = await outcomeOf({ ...options, url: `https://localhost:${port}` }, trust)
        expect(outcome['code']).toBe('MG_CONNECTION')
        expect(outcome['message']).toContain('The certificate of the primary is not trusted')
        expect(outcome['message']).toContain(reason)
        expect(outcome['message']).toMatch(/certificate/i)
      }
      expect(await titlesIn(sqld)).toBeNull()
    },
  )

  it('that Node trusts and the engine does not cannot be followed, which says why', async () => {
    const { sqld, port, authority } = await startGuarded()
    await (await TursoBackend.create({ url: sqld.url, mode: 'remote' })).disconnect()
    const path = join(scratchFolder(), 'replica.db')
    const trust = { NODE_EXTRA_CA_CERTS: authority.file }
    const outcome = await outcomeOf({ url: `https://localhost:${port}`, path }, trust)
    expect(outcome).toMatchObject({ code: 'MG_OFFLINE', message: expect.stringMatching(/certificate/i) })
  })

  it('that has none itself is not talked to without', async () => {
    const sqld = await startSqld()
    onTestFinished(() => sqld[Symbol.asyncDispose]())
    const outcome = await outcomeOf({ url: `https://localhost:${sqld.port}`, mode: 'remote' }, {})
    expect(outcome).toMatchObject({ code: 'MG_OFFLINE', message: expect.stringContaining('SSL') })
  })
})
