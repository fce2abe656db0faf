import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { InMemoryBackend } from '../../../src/backends/in-memory/in-memory-backend.js'
import type { Memory } from '../../../src/model/memory.js'
import { COMPLETE_MEMORY, EVERY_PROPERTY, storeSamples } from '../../../src/testing/samples.js'
import { readMemorygraphDocument } from '../../../src/transfer/formats/read-memorygraph-document.js'
import { writeMemorygraphDocument } from '../../../src/transfer/formats/write-memorygraph-document.js'
import { isRecord } from '../../../src/transfer/record-value.js'
import { pythonSqliteVersion } from '../../support/python.js'
import { fixture, scratchFolder } from '../../support/scratch.js'
import { type Entry, everything, importDocument, pythonExport } from '../export-samples.js'
import { all, fileOf, later, records } from './records.js'

async function written(backend: InMemoryBackend): Promise<string> {
  const chunks = writeMemorygraphDocument({
    memories: backend.listMemories(),
    relationships: backend.listRelationships(),
    backendType: 'turso',
    exportedAt: '2026-01-01T00:00:00.000000+00:00',
  })
  return (await all(chunks)).join('')
}

async function filled(): Promise<InMemoryBackend> {
  const backend = await InMemoryBackend.create()
  await importDocument(backend, pythonExport)
  await storeSamples(backend)
  await backend.storeMemory(COMPLETE_MEMORY)
  await backend.createRelationships([
    { id: 'successor', from_memory_id: 'complete', to_memory_id: 'river-names', type: 'SOLVES' },
    {
      id: 'é"',
      from_memory_id: 'complete',
      to_memory_id: 'river-names',
      type: 'CAUSES',
      properties: EVERY_PROPERTY,
    },
  ])
  return backend
}

/** The members of an entry that another one has, in its own order. */
function like(entry: Entry, example: Entry): Entry {
  const shared = Object.entries(entry).filter(([key]) => key in example)
  return Object.fromEntries(
    shared.map(([key, value]) => [key, isRecord(value) ? like(value, example[key] as Entry) : value]),
  )
}

describe('writeMemorygraphDocument()', () => {
  it('writes what Python wrote to the letter, and more after it', async () => {
    const backend = await InMemoryBackend.create()
    await importDocument(backend, pythonExport)
    const document = JSON.parse(await written(backend))
    const { memories, relationships } = document
    expect(document).toMatchObject({ format_version: '2.0', export_version: '1.0', backend_type: 'turso' })
    expect(document).toMatchObject({ memory_count: 166, relationship_count: 434 })
    for (const example of pythonExport.memories) {
      const entry = memories.find(({ id }: Entry) => id === example['id'])
      const unique = { ...example, tags: [...new Set(example['tags'] as string[])] }
      expect(JSON.stringify(like(entry, unique))).toBe(JSON.stringify(unique))
    }
    const linkOf = ({ from_memory_id, to_memory_id, type }: Entry): string =>
      JSON.stringify([from_memory_id, to_memory_id, type])
    const byLink = new Map<string, Entry>(relationships.map((entry: Entry) => [linkOf(entry), entry]))
    for (const example of pythonExport.relationships) {
      const entry = byLink.get(linkOf(example)) as Entry
      expect(JSON.stringify(like(entry, example))).toBe(JSON.stringify(example))
    }
  })

  it('loses nothing of memories and relationships', async () => {
    const backend = await filled()
    const document = JSON.parse(await written(backend))
    const { properties } = document.relationships.find(({ id }: Entry) => id === 'é"')
    expect(properties).toEqual(EVERY_PROPERTY)
    const copy = await InMemoryBackend.create()
    expect((await importDocument(copy, document)).refused).toEqual([])
    expect(await everything(copy)).toEqual(await everything(backend))
  })

  it.skipIf(pythonSqliteVersion === null)('is laid out as Python lays it out', async () => {
    const text = await written(await filled())
    const script = 'import json, sys; sys.stdout.write(json.dumps(json.load(sys.stdin), indent=2))'
    const { stdout } = spawnSync('python3', ['-c', script], { input: text, encoding: 'utf8' })
    expect(stdout).toBe(text)
  })

  it('writes whole numbers between 0 and 1 as the floats they are to Python', async () => {
    const text = await written(await filled())
    expect(text).toContain('"confidence": 1.0,')
    expect(text).toContain('"effectiveness": 0.0,')
    expect(text).toContain('"success_rate": 0.0,')
    expect(text).toContain('"usage_count": 7,')
  })

  it('writes any text in ASCII so that it reads the same', async () => {
    const memory = (await (await filled()).getMemory('complete', false)) as Memory
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary' }), fc.jsonValue(), async (text, value) => {
        const context = memory.context && { ...memory.context, additional_metadata: { value } }
        const memories = later([{ ...memory, title: text, content: text, tags: [text], context }])
        const document = { memories, relationships: later([]), backendType: text }
        const json = (await all(writeMemorygraphDocument(document))).join('')
        expect(json).toMatch(/^[\n -~]*$/)
        expect(JSON.parse(json).memories[0]).toMatchObject({ title: text, content: text, tags: [text] })
        const metadata = JSON.parse(json).memories[0].context.additional_metadata
        expect(metadata).toEqual(JSON.parse(JSON.stringify({ value })))
      }),
    )
  })

  it('writes an empty graph', async () => {
    const document = JSON.parse(await written(await InMemoryBackend.create()))
    expect(document).toMatchObject({
      memories: [],
      relationships: [],
      memory_count: 0,
      relationship_count: 0,
    })
  })
})

describe('readMemorygraphDocument()', () => {
  it('yields memories, then relationships, with their places in the lists', async () => {
    const path = fixture('python-memory.export.json')
    const source = readMemorygraphDocument(path)
    const found = await records(source)
    expect(found.map(({ kind, place }) => [kind, place])).toEqual([
      ...pythonExport.memories.map((_, index) => ['memory', `memory ${index}`]),
      ...pythonExport.relationships.map((_, index) => ['relationship', `relationship ${index}`]),
    ])
    expect(found.map(({ value }) => value)).toEqual([...pythonExport.memories, ...pythonExport.relationships])
    expect(await records(source)).toEqual(found)
  })

  it('reads version 1, a byte order mark and what Python writes for no number', async () => {
    const text =
      '\ufeff{"export_version": "1.0", "memories": [{"id": "a", "importance": NaN}], "relationships": []}'
    expect(await records(readMemorygraphDocument(fileOf(text)))).toEqual([
      { kind: 'memory', value: { id: 'a', importance: null }, place: 'memory 0' },
    ])
  })

  it.each([
    ['a comma too many', '{\n  "memories": [],\n}', 3, 1],
    ['a missing comma', '{\n  "a": 1\n  "b": 2\n}', 3, 3],
    ['a missing colon', '{"a" 1}', 1, 6],
    ['a word that is none', '[true, nope]', 1, 8],
    ['a number that is none', '[\n1,\n01]', 3, 1],
    ['a newline in a string', '["a\nb"]', 1, 4],
    ['a wrong escape', '["a", "\\x"]', 1, 8],
    ['brackets that do not match', '{"a": [1}', 1, 9],
    ['more after the end', '{}\n{}', 2, 1],
    ['nothing', '', 1, 1],
    ['an end in a string', '{\n"abc', 2, 5],
    ['an end in an escape', '["\\u12', 1, 7],
    ['an end in a list', '[1, 2,\n', 2, 1],
    ['an end after a name', '{"a":', 1, 6],
    ['a fault beside NaN', '[NaN,\n NaM]', 2, 2],
  ])('says where the JSON is malformed: %s', async (_name, text, line, column) => {
    await expect(records(readMemorygraphDocument(fileOf(text)))).rejects.toMatchObject({
      code: 'MG_VALIDATION',
      message: expect.stringContaining(`line ${line}, column ${column}`),
      details: { line, column },
    })
  })

  it('finds a fault wherever an export is cut short or a bracket is lost', async () => {
    const text = readFileSync(fixture('python-memory.export.json'), 'utf8').slice(0, 4000)
    const path = join(scratchFolder(), 'cut.json')
    for (let length = 1; length < text.length; length += 97) {
      writeFileSync(path, text.slice(0, length))
      const lines = text.slice(0, length).split('\n')
      await expect(records(readMemorygraphDocument(path))).rejects.toMatchObject({
        details: { line: lines.length },
      })
    }
  })

  it.each([
    ['no UTF-8', Buffer.from([0x7b, 0x0a, 0xff]), { line: 2 }, /not UTF-8/],
    ['no export', '[]', {}, /must be a JSON object/],
    ['newer', '{"format_version": "3.0", "memories": [], "relationships": []}', {}, /newer/],
    [
      'repeated',
      '{"format_version": "2.0", "memories": [{"id":"a"},{"id":"a"}], "relationships": []}',
      {},
      /"a"/,
    ],
  ])('refuses what is %s', async (_name, text, details, message) => {
    await expect(records(readMemorygraphDocument(fileOf(text)))).rejects.toMatchObject({
      code: 'MG_VALIDATION',
      message: expect.stringMatching(message),
      details,
    })
  })

  it('names a file that is not there', async () => {
    const path = join(scratchFolder(), 'missing.json')
    await expect(records(readMemorygraphDocument(path))).rejects.toThrow(/missing\.json.*ENOENT/)
  })
})
