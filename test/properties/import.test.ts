import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  InMemoryBackend,
  importGraph,
  MemoryError,
  memorygraphDocument,
  type RecordSource,
} from '../../src/index.js'
import { scratchFolder } from '../support/scratch.js'

const KEYS = [
  'id',
  'label',
  'properties',
  'version',
  'history',
  'type',
  'title',
  'content',
  'context',
  'tags',
  'from_memory_id',
  'to_memory_id',
  'invalidated_by',
  'valid_until',
  '__proto__',
  'constructor',
]
const scalar = fc.oneof(
  fc.constantFrom(
    'a',
    'b',
    'Memory',
    'general',
    'SOLVES',
    'RELATED_TO',
    '',
    '2026-01-01T00:00:00Z',
    null,
    1,
    -1,
    1.5,
  ),
  fc.string({ unit: 'binary', maxLength: 8 }),
  fc.boolean(),
  fc.double(),
)
const json = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    scalar,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.oneof(fc.constantFrom(...KEYS), fc.string({ maxLength: 4 })), tie('value'), {
      maxKeys: 6,
    }),
  ),
})).value
/** Records that are nearly right, so that much of an import is reached. */
const nearly = fc.record(
  {
    id: fc.oneof(fc.constantFrom('a', 'b', 'r'), json),
    label: fc.oneof(fc.constant('Memory'), json),
    properties: fc.oneof(
      fc.record(
        {
          id: fc.constantFrom('a', 'b'),
          type: fc.constant('general'),
          title: scalar,
          content: scalar,
          tags: json,
        },
        { requiredKeys: [] },
      ),
      json,
    ),
    version: fc.oneof(fc.constantFrom(1, 2, 9), json),
    history: json,
    type: scalar,
    title: scalar,
    content: scalar,
    from_memory_id: fc.oneof(fc.constantFrom('a', 'b'), json),
    to_memory_id: fc.oneof(fc.constantFrom('a', 'b'), json),
  },
  { requiredKeys: [] },
)
const record = fc.record({
  kind: fc.constantFrom('node' as const, 'memory' as const, 'relationship' as const),
  value: fc.oneof(json, nearly),
})

const CODES = ['MG_VALIDATION', 'MG_CONFLICT']

/** What an import rejects with must be one of the documented errors; else what it was is the failure. */
async function importing(
  source: RecordSource | string,
  onConflict: 'newer' | 'replace' | 'error',
): Promise<void> {
  await using backend = await InMemoryBackend.create()
  await backend.storeMemory({ id: 'a', type: 'general', title: 'A', content: 'a' })
  try {
    const report = await importGraph(backend, source, { onConflict })
    for (const { reason, place } of report.refused)
      expect([typeof reason, typeof place]).toEqual(['string', 'string'])
  } catch (error) {
    if (!(MemoryError.is(error) && CODES.includes(error.code))) throw error
  }
  for await (const memory of backend.listMemories()) expect(memory.title).not.toBe('')
  for await (const relationship of backend.listRelationships()) expect(relationship.type).not.toBe('')
}

describe('importGraph()', () => {
  it('stores or refuses whatever records hold, and throws nothing else', async () => {
    const policy = fc.constantFrom('newer' as const, 'replace' as const, 'error' as const)
    await fc.assert(
      fc.asyncProperty(fc.array(record, { maxLength: 12 }), policy, (records, onConflict) => {
        const source: RecordSource = {
          format: 'random',
          async *records() {
            for (const [at, one] of records.entries()) yield { ...one, place: `record ${at}` }
          },
        }
        return importing(source, onConflict)
      }),
      { numRuns: 400 },
    )
  })

  it('takes or refuses whatever document it is given', async () => {
    const document = fc.oneof(
      json,
      fc.record({ format_version: scalar, memories: fc.array(nearly), relationships: fc.array(nearly) }),
      fc.record({ export_version: fc.constant('1.0'), memories: json, relationships: json }),
    )
    await fc.assert(
      fc.asyncProperty(document, (value) => importing(memorygraphDocument(value), 'replace')),
      { numRuns: 300 },
    )
  })

  it('takes or refuses whatever a file holds', async () => {
    const folder = scratchFolder()
    const line = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 30 }),
      fc.tuple(record).map(([{ kind, value }]) => JSON.stringify({ kind, ...(value as object) })),
      fc.constantFrom(
        '{"format":"memorygraph-turso","version":1}',
        '{"format":"memorygraph-turso","version":1,"records":[',
        '{"kind":"end","nodes":0,"relationships":0}',
        '],"nodes":1,"relationships":0}',
        '{"type":"entity","name":"e","entityType":"t","observations":["o"]}',
        '{"type":"relation","from":"e","to":"e","relationType":"knows"}',
        '{"format_version":"2.0","memories":[],"relationships":[]}',
      ),
    )
    let at = 0
    await fc.assert(
      fc.asyncProperty(fc.array(line, { maxLength: 5 }), async (lines) => {
        const path = join(folder, `file-${at++}`)
        await writeFile(path, lines.join('\n'))
        await importing(path, 'newer')
      }),
      { numRuns: 300 },
    )
  })
})
