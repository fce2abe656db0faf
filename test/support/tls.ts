import { execFileSync, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { createServer } from 'node:tls'
import { onTestFinished } from 'vitest'
import { scratchFolder } from './scratch.js'
import { listenSomewhere } from './tcp-proxy.js'

/** Whether this machine can make certificates. */
export const hasOpenssl: boolean = spawnSync('openssl', ['version']).status === 0

/** An authority that nobody knows, in a file, and what it has signed. */
export type Authority = {
  readonly file: string
  /** A key and a certificate for a name, which begins now and ends so many days later. */
  sign(name: string, days: number): { readonly key: Buffer; readonly cert: Buffer }
}

const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']

/** A new authority, which goes when the test ends. */
export function makeAuthority(): Authority {
  const folder = scratchFolder()
  const openssl = (...args: string[]): void =>
    void execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' })
  const isAuthority = ['basicConstraints=critical,CA:TRUE', 'keyUsage=critical,keyCertSign']
  openssl(
    ...['req', '-x509', ...NEW_KEY, '-keyout', 'authority.key', '-out', 'authority.pem', '-days', '2'],
    ...['-subj', '/CN=An authority of a test', ...isAuthority.flatMap((extension) => ['-addext', extension])],
  )
  const signWith = ['-CA', 'authority.pem', '-CAkey', 'authority.key', '-CAcreateserial']
  return {
    file: join(folder, 'authority.pem'),
    sign: (name, days) => {
      writeFileSync(join(folder, 'extensions'), `subjectAltName=DNS:${name}\nextendedKeyUsage=serverAuth\n`)
      openssl('req', ...NEW_KEY, '-keyout', 'key.pem', '-out', 'request.pem', '-subj', `/CN=${name}`)
      openssl(
        ...['x509', '-req', '-in', 'request.pem', ...signWith, '-days', String(days)],
        ...['-extfile', 'extensions', '-out', 'cert.pem'],
      )
      return { key: readFileSync(join(folder, 'key.pem')), cert: readFileSync(join(folder, 'cert.pem')) }
    },
  }
}

/** Ends TLS before a server that has none; resolves to the port. */
export async function startTlsProxy(
  target: { readonly port: number },
  identity: { readonly key: Buffer; readonly cert: Buffer },
): Promise<number> {
  const server = createServer(identity, (client) => {
    const upstream = connect(target.port, '127.0.0.1')
    client.on('error', () => upstream.destroy()).on('close', () => upstream.destroy())
    upstream.on('error', () => client.destroy()).on('close', () => client.destroy())
    client.pipe(upstream).pipe(client)
  })
  const port = await listenSomewhere(server)
  onTestFinished(async () => {
    server.close()
    await once(server, 'close')
  })
  return port
}
