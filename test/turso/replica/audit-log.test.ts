import { join } from 'node:path'
import { expect, it } from 'vitest'
import { TursoBackend } from '../../../src/backends/turso/turso-backend.js'
import { scratchFolder } from '../../support/scratch.js'
import { startSqld } from '../../support/sqld.js'
import { note } from '../remote/remote.js'

it('An audit log of a local copy is in the primary, waits while that is away, and says what is lost', async () => {
  await using sqld = await startSqld()
  const warnings: string[] = []
  const logger = { warn: (message: string): void => void warnings.push(message) }
  const path = join(scratchFolder(), 'replica.db')
  const options = { url: sqld.url, path, timeoutMs: 3_000, maxRetries: 0, auditLog: true, logger }
  const replica = await TursoBackend.create({ ...options, timeoutMs: 5000 })
  const operations = async (backend: TursoBackend): Promise<string[]> => {
    const names: string[] = []
    for await (const { operation } of backend.auditEntries()) names.push(operation)
    return names
  }
  await replica.storeMemory(note('a', { id: 'a' }))
  await replica.getMemory('a')
  expect(await operations(replica)).toEqual(['storeMemory', 'getMemory'])
  await replica.disconnect()

  await using copy = new TursoBackend({ path, mode: 'local', auditLog: true, logger })
  await copy.connect()
  await copy.getMemory('a')
  expect(await operations(copy)).toEqual(['storeMemory', 'getMemory'])
  expect((await copy.getMemory('a'))?.title).toBe('a')
  expect(await operations(copy)).toEqual(['storeMemory', 'getMemory'])
  expect(warnings).toEqual([expect.stringMatching(/leaves no entries of the audit log: .* can only be read/)])

  const away = await TursoBackend.create(options)
  await sqld.kill()
  await away.getMemories(['a'])
  expect((await operations(away)).length).toBe(2)
  await away.disconnect()
  expect(warnings.at(-1)).toMatch(/^Lost entries of the audit log: 1 \(/)
})
