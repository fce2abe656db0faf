import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type AssignTenantOptions, assignTenant, InMemoryBackend, TursoBackend } from '../../src/index.js'
import { fixtureCopy, scratchFolder } from '../support/scratch.js'

const note = (id: string, context?: object) => ({ id, type: 'general', title: id, content: 'text', context })

describe('assignTenant()', () => {
  it('gives memories without a tenant one, and leaves what has one, and all else, as it is', async () => {
    await using backend = await InMemoryBackend.create()
    await backend.storeMemories([
      note('bare'),
      note('placed', { project_path: '/srv/shop', visibility: 'private' }),
      note('blank', { tenant_id: '' }),
      note('owned', { tenant_id: 'other' }),
    ])
    await backend.putNodes([{ id: 'task', label: 'Task', properties: {} }])
    const [placed] = await backend.getMemories(['placed'])
    const options = { tenantId: 'acme', visibility: 'team' } as const
    const ids = ['bare', 'blank', 'placed']
    expect(await assignTenant(backend, { ...options, dryRun: true })).toEqual({
      tenant_id: 'acme',
      ids,
      dry_run: true,
    })
    expect(await backend.scoped({ tenantId: 'acme' }).searchMemories({})).toEqual([])
    expect(await assignTenant(backend, options)).toEqual({ tenant_id: 'acme', ids, dry_run: false })
    const contexts = (await backend.getMemories([...ids, 'owned'])).map(({ context }) => [
      context?.tenant_id,
      context?.visibility,
    ])
    expect(contexts).toEqual([
      ['acme', 'team'],
      ['acme', 'project'],
      ['acme', 'private'],
      ['other', 'project'],
    ])
    const [after] = await backend.getMemories(['placed'])
    expect(after).toEqual({
      ...placed,
      version: 2,
      context: { ...placed?.context, tenant_id: 'acme' },
    })
    expect((await backend.getNodes(['task']))[0]?.properties).toEqual({})
    expect((await assignTenant(backend, options)).ids).toEqual([])
  })

  it('goes through many, all in one write', async () => {
    await using backend = await TursoBackend.create({ path: join(scratchFolder(), 'memory.db') })
    await backend.storeMemories(Array.from({ length: 1200 }, (_, at) => note(`m${at}`)))
    const { ids } = await assignTenant(backend, { tenantId: 'acme' })
    expect(new Set(ids).size).toBe(1200)
    const { total_memories: total } = await backend.scoped({ tenantId: 'acme' }).getMemoryStatistics()
    expect(total.count).toBe(1200)
  })

  it('takes the memories of MemoryGraph for Python, or none where one is refused', async () => {
    const path = fixtureCopy('python-memory.db')
    await using backend = await TursoBackend.create({ path })
    await backend.executeWriteQuery(
      `UPDATE nodes SET properties = json_set(properties, '$.title', ?) WHERE id = (SELECT max(id) FROM nodes WHERE json_extract(properties, '$.context_tenant_id') IS NULL AND label = 'Memory')`,
      ['long '.repeat(60)],
    )
    const view = backend.scoped({ tenantId: 'newcomer' })
    await expect(assignTenant(backend, { tenantId: 'newcomer' })).rejects.toMatchObject({
      code: 'MG_VALIDATION',
      message: expect.stringMatching(/memory node ".+": title/),
    })
    expect((await view.getMemoryStatistics()).total_memories.count).toBe(0)
    await backend.executeWriteQuery(
      `UPDATE nodes SET properties = json_set(properties, '$.title', 'Short') WHERE length(json_extract(properties, '$.title')) > 200`,
    )
    const { ids } = await assignTenant(backend, { tenantId: 'newcomer' })
    expect(ids.length).toBeGreaterThan(100)
    expect((await view.getMemoryStatistics()).total_memories.count).toBe(ids.length)
    expect((await backend.scoped({ tenantId: 'acme' }).searchMemories({})).length).toBeGreaterThan(0)
  })

  it('assigns nothing in a backend that is not connected', async () => {
    await expect(assignTenant(new InMemoryBackend(), { tenantId: 'acme' })).rejects.toMatchObject({
      code: 'MG_NOT_CONNECTED',
    })
  })

  it.each([
    [{}],
    [{ tenantId: '' }],
    [{ tenantId: 5 }],
    [{ tenantId: 'a', visibility: 'secret' }],
    [{ tenantId: 'a', dry_run: true }],
  ])('refuses %o', async (options) => {
    await using backend = await InMemoryBackend.create()
    await expect(assignTenant(backend, options as unknown as AssignTenantOptions)).rejects.toMatchObject({
      code: 'MG_VALIDATION',
    })
  })
})
