import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { RemoteDriver } from '../../../src/backends/turso/primary/remote-driver.js'
import { TursoEventEmitter } from '../../../src/backends/turso/turso-events.js'
import { type CompletePrimaryOptions, completeOptions } from '../../../src/backends/turso/turso-options.js'
import { type Remote, startRemote } from './remote.js'

/** Relationships of the hub, with ids as long as they may be: more than one answer of a primary holds, and their ends, too. */
const SIZE = 32_000
const OUTGOING = { direction: 'outgoing', types: [], currentOnly: true } as const

let remote: Remote
let driver: RemoteDriver

beforeAll(async () => {
  remote = await startRemote({ timeoutMs: 20_000 })
  const { backend } = remote
  const id = (kind: string): string => `printf('${kind}%0254d', i)`
  const numbers = `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${SIZE})`
  await backend.executeWriteQuery(`INSERT INTO nodes (id, label, properties) VALUES ('hub', 'Task', '{}')`)
  await backend.executeWriteQuery(
    `INSERT INTO nodes (id, label, properties) ${numbers} SELECT ${id('n')}, 'Task', '{}' FROM n`,
  )
  await backend.executeWriteQuery(
    `INSERT INTO relationships (id, from_id, to_id, rel_type, properties)
    ${numbers} SELECT ${id('r')}, 'hub', ${id('n')}, 'SOLVES', '{"strength": ' || (i / 100000.0) || '}' FROM n`,
  )
  const options = completeOptions(remote.options)
  const events = new TursoEventEmitter(undefined)
  driver = new RemoteDriver(options, options.primary as CompletePrimaryOptions, events)
  await driver.connect()
})

afterAll(async () => {
  await driver.disconnect()
  await remote[Symbol.asyncDispose]()
})

describe('a hub with more relationships than one answer of a primary holds', () => {
  it('is read whole, as a page and as a level of a walk', async () => {
    const { rows } = await driver.reader.findGraphEdges({ ids: null, after: null, limit: SIZE + 1 })
    expect(new Set(rows.map(({ to }) => to)).size).toBe(SIZE)
    expect(rows.at(-1)).toMatchObject({ from: 'hub', type: 'SOLVES', strength: SIZE / 100_000 })
    expect(await driver.reader.getGraphEdges(['hub'], OUTGOING)).toHaveLength(SIZE)
    expect(await driver.reader.getReach(['hub'], 2, [OUTGOING])).toHaveLength(SIZE)
  })

  it('is read in a transaction, which goes on', async () => {
    const node = { label: 'Task', properties: '{}' }
    await driver.write(async (writer) => {
      await writer.putNodes([{ ...node, id: 'before' }])
      expect(await writer.getReach(['hub'], 1, [OUTGOING])).toHaveLength(SIZE)
      await writer.putNodes([{ ...node, id: 'after' }])
    })
    expect(await driver.reader.getNodes(['before', 'after'])).toHaveLength(2)
  })
})

it('pages that fit an answer are one request each', async () => {
  const page = { ids: null, after: null, limit: 2_000 } as const
  expect(await remote.requestsOf(() => driver.reader.findGraphEdges(page))).toBe(1)
  expect(await remote.requestsOf(() => driver.reader.findGraphNodes(page, []))).toBe(1)
})
