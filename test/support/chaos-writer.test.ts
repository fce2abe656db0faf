import { beforeAll, describe, expect, it } from 'vitest'
import { InMemoryBackend } from '../../src/backends/in-memory/in-memory-backend.js'
import { BackendError, DatabaseConnectionError } from '../../src/errors.js'
import { ChaosWriter, COUNTER, type GraphRow, Ledger } from './chaos-writer.js'
import { randomOf } from './random.js'

type Rows = { nodes: GraphRow[]; relationships: GraphRow[] }

/** What is in a store, as rows. */
async function rowsOf(backend: InMemoryBackend): Promise<Rows> {
  const nodes: GraphRow[] = []
  const relationships = new Map<string, GraphRow>()
  for await (const { id, title, usage_count } of backend.listMemories()) {
    nodes.push({ id, properties: { title, usage_count } })
    for (const [, { id: joined, properties }] of await backend.getRelatedMemories(id)) {
      relationships.set(joined, { id: joined, properties })
    }
  }
  return { nodes, relationships: [...relationships.values()] }
}

/** A store after writes that all succeeded, and what should be in it. */
async function writtenBySomeone(): Promise<{ ledger: Ledger; rows: Rows }> {
  const backend = await InMemoryBackend.create()
  await backend.storeMemory({ id: COUNTER, type: 'general', title: COUNTER, content: 'Counts' })
  const ledger = new Ledger()
  await new ChaosWriter(backend, ledger, 'w', randomOf(1)).write(400)
  return { ledger, rows: await rowsOf(backend) }
}

let ledger: Ledger
let rows: Rows
beforeAll(async () => {
  ;({ ledger, rows } = await writtenBySomeone())
})

const titled = (title: RegExp): ((row: GraphRow) => boolean) => {
  return ({ properties }) => title.test(String(properties['title'] ?? properties['context']))
}

describe('the ledger of what was written', () => {
  it('finds no fault with what was stored', () => {
    expect(ledger.faultsIn(rows.nodes, rows.relationships)).toEqual([])
    expect(ledger.counts).toEqual({ acknowledged: 400, uncertain: 0, refused: 0 })
    for (const kind of ['memory', 'of a set', 'step', 'joined']) {
      const name = new RegExp(`${kind}$`)
      expect([...rows.nodes, ...rows.relationships].filter(titled(name)).length, kind).toBeGreaterThan(5)
    }
    expect([...ledger.memories.values()].filter((fates) => fates.has(null)).length).toBeGreaterThan(5)
    expect(
      [...ledger.memories.values()].filter((fates) => !fates.has(0) && !fates.has(null)).length,
    ).toBeGreaterThan(5)
  })

  it.each<[fault: string, spoil: (rows: Rows) => Rows, said: RegExp]>([
    ['a memory that is lost', drop(/memory$/), /memory is null instead of \d+/],
    ['one of a set that is lost', drop(/of a set$/), /of w .* of a set there are 2/],
    ['a relationship that is lost', drop(/joined$/), /joined is null instead of \d+/],
    ['a memory that is there twice', double(/memory$/), /memory is there 2 times/],
    ['a relationship that is there twice', double(/joined$/), /joined is there 2 times/],
    ['an update that is lost', change(/memory$/, { usage_count: -1 }), /memory is -1 instead of \d+/],
    ['an update of a relationship that is lost', change(/joined$/, { evidence_count: -1 }), /joined is -1/],
    [
      'a step that was counted twice',
      change(/^the counter$/, { usage_count: 1_000 }),
      /at 1000 after \d+ steps/,
    ],
    ['a memory that nobody stored', change(/memory$/, { title: 'Whose?' }), /Whose\? was never stored/],
  ])('finds %s', (_fault, spoil, said) => {
    const { nodes, relationships } = spoil(rows)
    expect(ledger.faultsIn(nodes, relationships).join('\n')).toMatch(said)
  })

  it('finds what was deleted and is there', () => {
    const [gone] = [...ledger.memories].find(([, fates]) => fates.has(null)) ?? []
    const back = { id: 'back', properties: { title: gone, usage_count: 0 } }
    expect(ledger.faultsIn([...rows.nodes, back], rows.relationships)).toEqual([
      `${gone} is 0 instead of null`,
    ])
  })

  it('tries again what was refused, and takes what is uncertain for either', async () => {
    const fresh = new Ledger()
    const answers = ['MG_OFFLINE', 'MG_TRANSACTION_LOST', 'stored'] as const
    let at = 0
    const outcome = await fresh.attempt(async () => {
      const answer = answers[at++]
      if (answer === 'stored') return answer
      throw new DatabaseConnectionError('away', { code: answer ?? 'MG_OFFLINE' })
    })
    expect(outcome).toEqual({ result: 'stored' })
    const uncertain = () => Promise.reject(new BackendError('who knows', { code: 'MG_UNCERTAIN' }))
    expect(await fresh.attempt(uncertain)).toBeNull()
    expect(fresh.counts).toEqual({ acknowledged: 1, uncertain: 1, refused: 2 })
    const broken = () => Promise.reject(new BackendError('broken', { code: 'MG_CORRUPT' }))
    await expect(fresh.attempt(broken)).rejects.toThrow('broken')
  })
})

type Row = keyof Rows

function inTable(
  title: RegExp,
  spoil: (rows: GraphRow[], row: GraphRow) => GraphRow[],
): (rows: Rows) => Rows {
  const table: Row = title.source.startsWith('joined') ? 'relationships' : 'nodes'
  return (rows) => {
    const row = rows[table].find(titled(title))
    if (row === undefined) throw new Error(`There is no ${title}`)
    return { ...rows, [table]: spoil(rows[table], row) }
  }
}

function drop(title: RegExp): (rows: Rows) => Rows {
  return inTable(title, (rows, row) => rows.filter((other) => other !== row))
}

function double(title: RegExp): (rows: Rows) => Rows {
  return inTable(title, (rows, row) => [...rows, { ...row, id: 'again' }])
}

function change(title: RegExp, properties: Record<string, unknown>): (rows: Rows) => Rows {
  return inTable(title, (rows, row) =>
    rows.map((other) =>
      other === row ? { ...row, properties: { ...row.properties, ...properties } } : other,
    ),
  )
}
