import { describe, expect, it } from 'vitest'
import { parsePrimaryUrl } from '../../../src/backends/turso/primary/primary-url.js'
import { ConfigurationError } from '../../../src/errors.js'

/** The message that a URL is refused with. */
function refusal(url: string, allowInsecure = false): string {
  try {
    const { http } = parsePrimaryUrl(url, allowInsecure)
    return `accepted as ${http}`
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigurationError)
    expect(error).toMatchObject({ code: 'MG_CONFIGURATION', details: { option: 'url' } })
    return (error as Error).message
  }
}

describe('the URL of a primary', () => {
  it.each([
    ['libsql://memory.example.com', 'https://memory.example.com/', 'libsql://memory.example.com'],
    ['https://memory.example.com', 'https://memory.example.com/', 'https://memory.example.com'],
    ['wss://memory.example.com', 'https://memory.example.com/', 'wss://memory.example.com'],
    [
      'libsql://memory.example.com:8443',
      'https://memory.example.com:8443/',
      'libsql://memory.example.com:8443',
    ],
    ['libsql://memory.example.com?tls=1', 'https://memory.example.com/', 'libsql://memory.example.com'],
    ['https://example.com/v1/db', 'https://example.com/v1/db/', 'https://example.com/v1/db'],
    ['https://example.com/v1/db/', 'https://example.com/v1/db/', 'https://example.com/v1/db/'],
  ])('%s is encrypted', (url, http, shown) => {
    expect(parsePrimaryUrl(url, false)).toEqual({ http, shown })
  })

  it.each([
    ['http://127.0.0.1:8080', 'http://127.0.0.1:8080/'],
    ['http://127.8.9.10', 'http://127.8.9.10/'],
    ['http://localhost:8080', 'http://localhost:8080/'],
    ['http://team.localhost:8080', 'http://team.localhost:8080/'],
    ['http://[::1]:8080', 'http://[::1]:8080/'],
    ['ws://localhost:8080', 'http://localhost:8080/'],
    ['libsql://localhost:8080?tls=0', 'http://localhost:8080/'],
    ['libsql://127.0.0.1:8080?tls=0', 'http://127.0.0.1:8080/'],
  ])('%s needs no encryption on this machine', (url, http) => {
    expect(parsePrimaryUrl(url, false)).toMatchObject({ http })
  })

  it.each([
    'http://memory.example.com',
    'ws://memory.example.com',
    'libsql://memory.example.com?tls=0',
    'http://localhost.example.com',
    'http://notlocalhost',
    'http://192.168.1.5:8080',
    'http://0.0.0.0:8080',
    'http://128.0.0.1',
    'http://[::2]:8080',
  ])('%s leads to another machine unencrypted, which is refused unless it is allowed', (url) => {
    expect(refusal(url)).toMatch(/not encrypted.*allowInsecure/)
    expect(parsePrimaryUrl(url, true)).toMatchObject({ http: expect.stringMatching(/^http:/) })
  })

  it.each([
    'file:memory.db',
    'ftp://example.com',
    'javascript:alert(1)',
    'example.com',
    'memory.db',
    '',
    'libsql:',
    'libsql:example.com',
    'libsql:///db',
    'https://',
  ])('%j is no address of a primary', (url) => {
    expect(refusal(url, true)).toMatch(/must be the address of a primary/)
  })

  it.each([
    'https://s3cret@example.com',
    'https://user:s3cret@example.com',
    'libsql://:s3cret@example.com',
    'libsql://user:s3cret@example.com?tls=1',
    'http://s3cret@localhost:8080',
    'libsql://example.com?authToken=s3cret',
    'libsql://example.com?authToken=s3cret&tls=1',
  ])('%s holds credentials, which is refused without repeating them', (url) => {
    const message = refusal(url, true)
    expect(message).toMatch(/must not hold credentials.*MEMORYGRAPH_TURSO_TOKEN/)
    expect(message).not.toMatch(/s3cret|user/)
  })

  it.each([
    'libsql://example.com?jwt=s3cret',
    'libsql://example.com#s3cret',
    'libsql://example.com?tls=s3cret',
    'https://example.com?tls=0',
    'wss://example.com?tls=0',
    'libsql://example.com?tls=0&tls=1',
    'http://localhost?tls=1',
  ])('%s asks for what is not known, which is refused without repeating it', (url) => {
    const message = refusal(url, true)
    expect(message).toMatch(/no query but "\?tls=0"/)
    expect(message).not.toContain('s3cret')
  })
})
