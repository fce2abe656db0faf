import { describe, expect, it } from 'vitest'
import { TursoBackend } from '../../../src/backends/turso/turso-backend.js'
import { changesOf, failureOf, note, notes, startRemote } from './remote.js'

describe('50 writes at once', () => {
  it('through one backend are all stored, in the order they were asked for', async () => {
    await using remote = await startRemote({ timeoutMs: 10_000 })
    const { backend } = remote
    const ids = notes(50).map((_, at) => `note-${at}`)
    expect(await Promise.all(ids.map((id) => backend.storeMemory(note(id, { id }))))).toEqual(ids)
    expect(await changesOf(backend)).toEqual(ids.map((id) => `insert node ${id}`))
  })

  it('through two backends of one process and one of another address are all stored, and nothing is lost', async () => {
    await using remote = await startRemote({ timeoutMs: 10_000 })
    await using second = await TursoBackend.create(remote.options)
    await using third = await TursoBackend.create({ ...remote.options, url: remote.sqld.url })
    await remote.backend.storeMemory(note('Counter', { id: 'counter', importance: 0 }))
    const backends = [remote.backend, second, third]
    const outcomes = await Promise.all(
      Array.from({ length: 51 }, (_, at) => {
        const backend = backends[at % 3] as TursoBackend
        return backend.updateMemory({ id: 'counter', tags: [`tag-${at}`] })
      }),
    )
    expect(outcomes).toEqual(outcomes.map(() => true))
    for (const backend of backends) {
      expect((await changesOf(backend)).length).toBe(52)
      expect((await backend.healthCheck()).primary).toMatchObject({ failed: 0, in_flight: 0, waiting: 0 })
    }
  })

  it('that each depend on what they read are not lost, though others write between the reading and the writing', async () => {
    await using remote = await startRemote({ timeoutMs: 10_000 })
    await using other = await TursoBackend.create({ ...remote.options, url: remote.sqld.url })
    await remote.backend.storeMemory(note('Patched', { id: 'patched' }))
    const patches = ['summary', 'title', 'content'] as const
    const rounds = Array.from({ length: 10 }, (_, at) => at)
    for (const round of rounds) {
      await Promise.all([
        remote.backend.updateMemory({ id: 'patched', summary: `summary ${round}` }),
        other.updateMemory({ id: 'patched', title: `title ${round}` }),
        remote.backend.updateMemory({ id: 'patched', content: `content ${round}` }),
      ])
      const patched = await other.getMemory('patched')
      expect(patches.map((key) => patched?.[key])).toEqual(patches.map((key) => `${key} ${round}`))
    }
  })

  it('wait for a transaction, in which no backend of the process on that primary can be called', async () => {
    await using remote = await startRemote()
    const { backend } = remote
    await using second = await TursoBackend.create(remote.options)
    await backend.transaction(async (tx) => {
      await tx.storeMemory(note('First', { id: 'first' }))
      expect(await failureOf(second.getMemory('first'))).toMatchObject({ code: 'MG_IN_TRANSACTION' })
      expect(await failureOf(backend.storeMemory(note('Inside')))).toMatchObject({
        code: 'MG_IN_TRANSACTION',
      })
    })
    await second.storeMemory(note('Second', { id: 'second' }))
    expect(await changesOf(second)).toEqual(['insert node first', 'insert node second'])
  })
})

describe('connecting while another client has a transaction open', () => {
  it('neither waits for it nor ends it', async () => {
    await using remote = await startRemote()
    const options = { ...remote.options, url: remote.sqld.url, timeoutMs: 8_000 }
    await remote.backend.transaction(async (tx) => {
      await tx.storeMemory(note('Theirs', { id: 'theirs' }))
      await (await TursoBackend.create(options)).disconnect() // the transaction would wait for what waits for it
    })
    expect(await remote.backend.getMemory('theirs')).not.toBeNull()
  })
})

describe('a primary that was made anew while the backend was connected', () => {
  const CALLS: [string, (backend: TursoBackend) => Promise<unknown>][] = [
    ['storeMemory', (backend) => backend.storeMemory(note('New'))],
    ['storeMemory with an id', (backend) => backend.storeMemory(note('New', { id: 'new' }))],
    ['updateMemory', (backend) => backend.updateMemory({ id: 'theirs', title: 'Mine' })],
    ['deleteMemory', (backend) => backend.deleteMemory('theirs')],
    ['executeWriteQuery', (backend) => backend.executeWriteQuery('DELETE FROM nodes')],
    ['transaction', (backend) => backend.transaction(async (tx) => tx.deleteMemory('theirs'))],
  ]

  it('takes no write that was meant for the one before: MG_DIVERGED, until it is connected to again', async () => {
    await using remote = await startRemote()
    const { backend, sqld, options } = remote
    await backend.storeMemory(note('Mine'))
    await sqld.wipe()
    await using another = await TursoBackend.create(options)
    await another.storeMemory(note('Theirs', { id: 'theirs' }))
    for (const [, call] of CALLS) {
      expect(await failureOf(call(backend))).toMatchObject({ code: 'MG_DIVERGED', name: 'SyncError' })
    }
    expect(await changesOf(another)).toEqual(['insert node theirs'])
    expect(await another.getMemory('theirs')).toMatchObject({ title: 'Theirs' })
    await backend.disconnect()
    await backend.connect()
    expect(await backend.updateMemory({ id: 'theirs', title: 'Shared' })).toBe(true)
  })

  it('and is empty, is MG_DIVERGED too, and stays empty', async () => {
    await using remote = await startRemote()
    const { backend, sqld } = remote
    await backend.storeMemory(note('Mine'))
    await sqld.wipe()
    for (const [, call] of CALLS) expect((await failureOf(call(backend))).code).toBe('MG_DIVERGED')
    expect(await backend.executeQuery('SELECT name FROM sqlite_master')).toEqual([])
    expect(await backend.healthCheck()).toMatchObject({ status: 'degraded' })
  })
})
