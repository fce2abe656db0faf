import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { TursoBackend } from '../../../src/index.js'
import { scratchFolder } from '../../support/scratch.js'

it('A backend that is confined to a tenant neither copies, checks nor repairs the whole database', async () => {
  const path = join(scratchFolder(), 'memory.db')
  await using backend = await TursoBackend.create({ path, tenantId: 'acme' })
  const copy = join(scratchFolder(), 'copy.db')
  for (const call of [() => backend.backup(copy), () => backend.checkIntegrity(), () => backend.repair()])
    await expect(call()).rejects.toMatchObject({
      code: 'MG_NOT_SUPPORTED',
      message: expect.stringContaining('tenantId'),
    })
  expect(existsSync(copy)).toBe(false)
})

it('The audit log names backups, checks and repairs', async () => {
  const path = join(scratchFolder(), 'memory.db')
  const backend = await TursoBackend.create({ path, auditLog: { actor: 'ann' } })
  await backend.backup(join(scratchFolder(), 'copy.db'))
  await backend.checkIntegrity()
  await backend.repair()
  await backend.disconnect()
  await using later = await TursoBackend.create({ path })
  const names: string[] = []
  for await (const { operation, actor } of later.auditEntries()) names.push(`${actor} ${operation}`)
  expect(names).toEqual(['ann backup', 'ann checkIntegrity', 'ann repair'])
})
