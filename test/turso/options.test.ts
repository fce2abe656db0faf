import { describe, expect, it } from 'vitest'
import { TursoBackend } from '../../src/backends/turso/turso-backend.js'
import { ConfigurationError } from '../../src/errors.js'

describe('the options of TursoBackend', () => {
  it.each([
    [{ Path: 'x' }, /Unknown option "Path"/],
    [{ constructor: 1 }, /Unknown option "constructor"/],
    [{ path: '' }, /path: must be text that is not empty \(got ""\)/],
    [{ path: 5 }, /path: must be text/],
    [{ path: 'libsql://db.example.org' }, /"libsql" is a URL/],
    [{ synchronous: 'off' }, /synchronous: must be "full" or "normal"/],
    [{ busyTimeoutMs: 0 }, /busyTimeoutMs: must be a whole number of milliseconds above 0/],
    [{ maxContentBytes: 1.5 }, /maxContentBytes/],
    [{ allowCycles: 'yes' }, /allowCycles: must be true or false/],
    [{ trackUsage: 1 }, /trackUsage: must be true or false/],
    [{ synonyms: ['a'] }, /synonyms: must be lists of at most 20 words/],
    [{ synonyms: { a: ['b', 'データ'] } }, /synonyms: must be/],
    [{ synonyms: { '?': ['b'] } }, /synonyms: must be/],
    [{ auditLog: 'yes' }, /auditLog: must be true, false or { actor }/],
    [{ auditLog: { actor: '' } }, /auditLog: must be/],
    [{ auditLog: { actor: 'a', since: 1 } }, /auditLog: must be/],
    [{ adopt: 1 }, /adopt/],
    [{ name: 'other' }, /name/],
    [{ ignoredSettings: [1] }, /ignoredSettings/],
    [{ onProgress: 1 }, /onProgress: must be a function/],
    [{ logger: {} }, /logger/],
    [null, /must be an object/],
  ])('%j is refused by name', (options, message) => {
    const make = (): unknown => new TursoBackend(options as never)
    expect(make).toThrow(ConfigurationError)
    expect(make).toThrow(message)
  })

  it('an encryption key that does not fit is not repeated', () => {
    const make = (): unknown => new TursoBackend({ encryptionKey: 12345 as never })
    expect(make).toThrow(/encryptionKey/)
    expect(make).not.toThrow(/12345/)
  })

  it('undefined is the default', () => {
    const backend = new TursoBackend({ path: ':memory:', encryptionKey: undefined, name: undefined })
    expect(backend.backendName()).toBe('turso')
    expect(backend.capabilities.persistent).toBe(false)
  })

  it('allowCycles lets a memory be joined to itself, maxContentBytes bounds a content', async () => {
    await using backend = await TursoBackend.create({
      path: ':memory:',
      allowCycles: true,
      maxContentBytes: 10,
    })
    await backend.storeMemory({ id: 'a', type: 'general', title: 'Loop', content: '0123456789' })
    await backend.createRelationship('a', 'a', 'RELATED_TO')
    await expect(
      backend.storeMemory({ type: 'general', title: 'Long', content: '0123456789a' }),
    ).rejects.toMatchObject({ code: 'MG_VALIDATION', message: expect.stringContaining('maxContentBytes') })
  })
})
