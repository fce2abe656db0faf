import { describe, expect, it } from 'vitest'
import { memorySchema } from '../../../src/model/memory.js'
import { relationshipSchema } from '../../../src/model/relationship.js'
import { readServerMemory } from '../../../src/transfer/formats/read-server-memory.js'
import type { TransferRecord } from '../../../src/transfer/transfer-record.js'
import { fileOf, records } from './records.js'

function entity(name: string, entityType: string, ...observations: string[]): string {
  return JSON.stringify({ type: 'entity', name, entityType, observations })
}

function relation(from: string, to: string, relationType: string): string {
  return JSON.stringify({ type: 'relation', from, to, relationType })
}

async function read(...lines: string[]): Promise<Record<string, unknown>[]> {
  const found = await records(readServerMemory(fileOf(lines.join('\n'))))
  return found.map(({ value }) => value as Record<string, unknown>)
}

describe('readServerMemory()', () => {
  it('makes memories of entities and relationships of relations, memories first', async () => {
    const path = fileOf(
      [
        relation('Ada', 'Engine', 'depends on'),
        entity('Ada', 'Person', 'likes tea', 'is early'),
        '',
        entity('Engine', 'Technology'),
      ].join('\r\n'),
    )
    expect(await records(readServerMemory(path))).toEqual<TransferRecord[]>([
      {
        kind: 'memory',
        place: 'line 2',
        value: {
          id: 'Ada',
          type: 'general',
          title: 'Ada',
          content: 'likes tea\nis early',
          tags: ['person'],
          context: { additional_metadata: { entity_type: 'Person' } },
        },
      },
      {
        kind: 'memory',
        place: 'line 4',
        value: {
          id: 'Engine',
          type: 'technology',
          title: 'Engine',
          content: 'Engine',
          tags: ['technology'],
          context: { additional_metadata: { entity_type: 'Technology' } },
        },
      },
      {
        kind: 'relationship',
        place: 'line 1',
        value: {
          id: expect.stringMatching(/^[0-9a-f-]{36}$/),
          from_memory_id: 'Ada',
          to_memory_id: 'Engine',
          type: 'DEPENDS_ON',
          properties: {},
        },
      },
    ])
  })

  it('yields only what can be stored, whatever the names are', async () => {
    const names = ['x'.repeat(300), `${'é'.repeat(254)}🦉`, 'a\u0000b', '\ud800', 'line\nbreak', '../..']
    const lines = names.flatMap((name) => [entity(name, 'Code Pattern', 'y'), relation(name, 'a', 'knows')])
    const found = await records(readServerMemory(fileOf(lines.join('\n'))))
    const ids = new Set<unknown>()
    for (const { kind, value } of found) {
      const checked = kind === 'memory' ? memorySchema.parse(value) : relationshipSchema.parse(value)
      if (kind === 'memory') expect(checked.type).toBe('code_pattern')
      if (kind === 'memory') ids.add(checked.id)
    }
    expect(ids.size).toBe(names.length)
    for (const { kind, value } of found) {
      if (kind === 'relationship') expect(ids).toContain(relationshipSchema.parse(value).from_memory_id)
    }
  })

  it('keeps several relations between the same entities apart, and reads the same twice', async () => {
    const lines = ['knows', 'Knows', 'SOLVES', 'solves!'].map((words) => relation('a', 'b', words))
    const found = await read(...lines)
    expect(found.map(({ type, properties }) => [type, properties])).toEqual([
      ['RELATED_TO', { context: 'knows' }],
      ['RELATED_TO', { context: 'Knows' }],
      ['SOLVES', {}],
      ['RELATED_TO', { context: 'solves!' }],
    ])
    expect(new Set(found.map(({ id }) => id)).size).toBe(4)
    expect(await read(...lines)).toEqual(found)
  })

  it('makes one memory of an entity that is there several times', async () => {
    const found = await read(
      entity('a', 'person', 'x'),
      entity('b', 'person', 'z'),
      entity('a', 'person', 'x', 'y'),
    )
    expect(found.map(({ id, content }) => [id, content])).toEqual([
      ['b', 'z'],
      ['a', 'x\ny'],
    ])
  })

  it('keeps what else a line says of an entity', async () => {
    const line = JSON.stringify({ ...JSON.parse(entity('a', 'person')), version: 3, content: 'kept' })
    expect(await read(line)).toMatchObject([
      {
        content: 'a',
        context: { additional_metadata: { entity_type: 'person', version: 3, content: 'kept' } },
      },
    ])
  })

  it('can be read again from the beginning', async () => {
    const source = readServerMemory(fileOf([entity('a', 'x'), relation('a', 'a', 'knows')].join('\n')))
    expect(await records(source)).toEqual(await records(source))
  })

  it.each([
    ['no JSON', '{"type": "entity", "name": }', /column 28/],
    ['cut short', '{"type": "entity", "na', /ends too early/],
    ['no object', '[1]', /must be a JSON object/],
    ['of another type', '{"type": "event"}', /neither "entity" nor "relation"/],
    ['an entity without observations', '{"type": "entity", "name": "a", "entityType": "b"}', /observations/],
    [
      'an entity whose name is no text',
      '{"type":"entity","name":1,"entityType":"b","observations":[]}',
      /"name"/,
    ],
    ['a relation without an end', '{"type": "relation", "from": "a", "relationType": "b"}', /"to"/],
  ])('refuses a line that is %s before it yields anything', async (_name, line, message) => {
    const path = fileOf(`${entity('a', 'person')}\n\n${line}\n`)
    const seen: TransferRecord[] = []
    const reading = async (): Promise<void> => {
      for await (const record of readServerMemory(path).records()) seen.push(record)
    }
    await expect(reading()).rejects.toMatchObject({
      code: 'MG_VALIDATION',
      message: expect.stringMatching(message),
      details: { path, line: 3 },
    })
    expect(seen).toEqual([])
  })
})
