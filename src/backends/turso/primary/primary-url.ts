import { ConfigurationError } from '../../../errors.js'

/** Where a primary listens. */
export type PrimaryUrl = {
  /** For requests: `https:`, or `http:` where that was allowed. */
  readonly http: string
  /** For messages and reports; holds no credentials, since none are accepted. */
  readonly shown: string
}

const SCHEMES: Readonly<Record<string, 'https:' | 'http:'>> = {
  'libsql:': 'https:',
  'https:': 'https:',
  'wss:': 'https:',
  'http:': 'http:',
  'ws:': 'http:',
}

/**
 * The address of a primary: `libsql:`, `https:`, `wss:`; and unencrypted, `http:`, `ws:` or `libsql:` with `?tls=0`, on this
 * machine only unless `allowInsecure`.
 *
 * @throws `MG_CONFIGURATION` it is none of these, or it holds credentials (it is not repeated)
 */
export function parsePrimaryUrl(url: string, allowInsecure: boolean): PrimaryUrl {
  const parsed = URL.canParse(url) ? new URL(url) : null
  const scheme = parsed ? SCHEMES[parsed.protocol] : undefined
  if (!parsed || scheme === undefined || parsed.hostname === '') {
    throw refused('must be the address of a primary, such as "libsql://memory.example.com"')
  }
  if (parsed.username !== '' || parsed.password !== '' || parsed.searchParams.has('authToken')) {
    throw refused('must not hold credentials: give the token as authToken, or in MEMORYGRAPH_TURSO_TOKEN')
  }
  const isEncrypted = scheme === 'https:' && !(parsed.protocol === 'libsql:' && parsed.search === '?tls=0')
  if (!['', isEncrypted ? '?tls=1' : '?tls=0'].includes(parsed.search) || parsed.hash !== '') {
    throw refused('can have no query but "?tls=0" (for "libsql:"), and no fragment')
  }
  if (!isEncrypted && !allowInsecure && !isLoopback(parsed.hostname)) {
    throw refused(
      'is not encrypted and leads to another machine, where anyone on the way could read the token and the memories: use "libsql:" or "https:", or give allowInsecure',
    )
  }
  const path = parsed.pathname.endsWith('/') ? parsed.pathname : `${parsed.pathname}/`
  const http = `${isEncrypted ? 'https:' : 'http:'}//${parsed.host}${path}`
  return { http, shown: `${parsed.protocol}//${parsed.host}${path === '/' ? '' : parsed.pathname}` }
}

function isLoopback(host: string): boolean {
  return (
    host === 'localhost' || host.endsWith('.localhost') || host === '[::1]' || /^127(\.\d+){3}$/.test(host)
  )
}

function refused(reason: string): ConfigurationError {
  return new ConfigurationError(`Invalid option url: it ${reason}`, { details: { option: 'url' } })
}
