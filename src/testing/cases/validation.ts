import assert from 'node:assert/strict'
import { inspect } from 'node:util'
import { countMemories, idsOf, rejectsWith } from '../assertions.js'
import { casesOf, type GraphBackendCase } from '../graph-backend-case.js'
import { COMPLETE_MEMORY, note } from '../samples.js'

const MEBIBYTE = 1024 * 1024
const NUL = 'a\u0000b'
const HALF_PAIRS = ['a\ud83e', '\udd89b', '\ud83e\ud83e\udd89']
const NO_TEXT = [5, true, {}, [], new Date(0)]
const NO_TIME = [
  'yesterday',
  '',
  '2026-02-30',
  '2026-13-01T00:00:00Z',
  '2026-01-01T25:00:00Z',
  5,
  new Date(Number.NaN),
  {},
]
const NO_FRACTION = [-0.1, 1.1, Number.NaN, Number.POSITIVE_INFINITY, '0.5', true, {}, 1n]
const NO_LIST = ['text', 5, {}, [5], [null], [['nested']], [NUL], HALF_PAIRS]
const NO_STORABLE_TEXT = [...NO_TEXT, NUL, ...HALF_PAIRS]

/** Values that do not fit a field, neither in a new memory nor in a patch. */
const UNFIT: { readonly [field: string]: readonly unknown[] } = {
  id: [...NO_STORABLE_TEXT, '', 'a'.repeat(256), '🦉'.repeat(256)],
  type: [...NO_TEXT, null, '', 'PROBLEM', 'unheard_of'],
  title: [...NO_STORABLE_TEXT, null, '', ' \n\t', 'a'.repeat(201), '🦉'.repeat(201)],
  content: [...NO_STORABLE_TEXT, null, '', ' \n\t'],
  summary: [...NO_STORABLE_TEXT, 'a'.repeat(501), '🦉'.repeat(501)],
  tags: NO_LIST,
  context: ['text', 5, [], { unheard_of: 1 }, new Date(0)],
  importance: NO_FRACTION,
  confidence: NO_FRACTION,
  effectiveness: NO_FRACTION,
  usage_count: [-1, 1.5, '3', Number.NaN, Number.POSITIVE_INFINITY, Number.MAX_SAFE_INTEGER + 1, 1n, {}],
  created_at: NO_TIME,
  updated_at: NO_TIME,
  last_accessed: NO_TIME,
  version: [0, -1, 1.5, '1', {}],
  updated_by: NO_STORABLE_TEXT,
}

const UNFIT_IN_CONTEXT: { readonly [field: string]: readonly unknown[] } = {
  project_path: NO_STORABLE_TEXT,
  files_involved: NO_LIST,
  languages: NO_LIST,
  frameworks: NO_LIST,
  technologies: NO_LIST,
  git_commit: NO_STORABLE_TEXT,
  git_branch: NO_STORABLE_TEXT,
  working_directory: NO_STORABLE_TEXT,
  timestamp: NO_TIME,
  session_id: NO_STORABLE_TEXT,
  user_id: NO_STORABLE_TEXT,
  additional_metadata: [
    ...['text', 5, [], { a: () => 1 }, { a: 1n }, { a: Number.NaN }, { a: Symbol('a') }],
    ...[{ a: NUL }, { [NUL]: 1 }, { a: [{ b: HALF_PAIRS[0] }] }],
  ],
  tenant_id: NO_STORABLE_TEXT,
  team_id: NO_STORABLE_TEXT,
  visibility: [5, '', 'secret', 'PRIVATE'],
  created_by: NO_STORABLE_TEXT,
}

function shown(value: unknown): string {
  const text = inspect(value, { breakLength: Number.POSITIVE_INFINITY })
  return text.length > 40 ? `${text.slice(0, 40)}…` : text
}

function refusesField(
  name: string,
  unfit: readonly unknown[],
  patchOf: (value: unknown) => object,
): GraphBackendCase[] {
  return [
    ...casesOf('validation', {
      [`storeMemory() and storeMemories() refuse what does not fit ${name}, and write nothing`]: async (
        backend,
      ) => {
        for (const value of unfit) {
          const memory = { ...note('new'), ...patchOf(value) } as never
          await rejectsWith('MG_VALIDATION', () => backend.storeMemory(memory), `${name} = ${shown(value)}`)
          await rejectsWith(
            'MG_VALIDATION',
            () => backend.storeMemories([note('good'), memory]),
            shown(value),
          )
        }
        assert.equal(await countMemories(backend), 0)
      },

      [`updateMemory() refuses what does not fit ${name}, and changes nothing`]: async (backend) => {
        await backend.storeMemory(COMPLETE_MEMORY)
        const before = await backend.getMemory('complete')
        for (const value of unfit) {
          const patch = { id: 'complete', summary: 'changed', ...patchOf(value) } as never
          await rejectsWith('MG_VALIDATION', () => backend.updateMemory(patch), `${name} = ${shown(value)}`)
        }
        assert.deepEqual(await backend.getMemory('complete'), before)
      },
    }),
  ]
}

/** What is not a memory is refused before anything is written. */
export const validationCases: readonly GraphBackendCase[] = [
  ...Object.entries(UNFIT).flatMap(([field, unfit]) =>
    refusesField(field, unfit, (value) => ({ [field]: value })),
  ),
  ...Object.entries(UNFIT_IN_CONTEXT).flatMap(([field, unfit]) =>
    refusesField(`context.${field}`, unfit, (value) => ({ context: { [field]: value } })),
  ),
  ...casesOf('validation', {
    'storeMemory(), storeMemories() and updateMemory() refuse what is no memory': async (backend) => {
      for (const value of [null, undefined, 'text', 5, [], [note('a')], () => note('a')]) {
        await rejectsWith('MG_VALIDATION', () => backend.storeMemory(value as never), shown(value))
        await rejectsWith(
          'MG_VALIDATION',
          () => backend.storeMemories([note('good'), value] as never),
          shown(value),
        )
        await rejectsWith('MG_VALIDATION', () => backend.updateMemory(value as never), shown(value))
      }
      for (const value of [null, undefined, 'text', 5, note('a')]) {
        await rejectsWith('MG_VALIDATION', () => backend.storeMemories(value as never), shown(value))
      }
      assert.equal(await countMemories(backend), 0)
    },

    'storeMemory() refuses a memory without type, title or content': async (backend) => {
      const complete = { type: 'task', title: 'A title', content: 'A text' }
      for (const field of Object.keys(complete)) {
        await rejectsWith(
          'MG_VALIDATION',
          () => backend.storeMemory({ ...complete, [field]: undefined }),
          field,
        )
        const { [field as 'type']: _, ...incomplete } = complete
        await rejectsWith('MG_VALIDATION', () => backend.storeMemory(incomplete as never), field)
      }
      assert.equal(await countMemories(backend), 0)
    },

    'storeMemory() and updateMemory() refuse fields they do not know': async (backend) => {
      await backend.storeMemory(note('stored'))
      const misspelt = { ...note('new'), titel: 'x' }
      await rejectsWith('MG_VALIDATION', () => backend.storeMemory(misspelt))
      await rejectsWith('MG_VALIDATION', () => backend.updateMemory({ ...misspelt, id: 'stored' }))
      assert.equal(await countMemories(backend), 1)
      assert.equal((await backend.getMemory('stored'))?.title, 'Note stored')
    },

    'storeMemories(), updateMemory(), putNodes() and createRelationships() refuse options they do not know':
      async (backend) => {
        await backend.storeMemory(note('a'))
        const edge = { from_memory_id: 'a', to_memory_id: 'b', type: 'SOLVES' }
        for (const options of [
          { onprogress: () => undefined },
          { onProgress: 5 },
          { signal: 'stop' },
          'fast',
        ] as never[]) {
          await rejectsWith(
            'MG_VALIDATION',
            () => backend.storeMemories([note('b')], options),
            shown(options),
          )
          await rejectsWith(
            'MG_VALIDATION',
            () => backend.createRelationships([edge], options),
            shown(options),
          )
          const node = { id: 'b', label: 'Task', properties: {} }
          await rejectsWith('MG_VALIDATION', () => backend.putNodes([node], options), shown(options))
        }
        const patch = { id: 'a', title: 'New' }
        for (const options of [{ version: 1 }, 'now'] as never[]) {
          await rejectsWith('MG_VALIDATION', () => backend.updateMemory(patch, options), shown(options))
        }
        assert.deepEqual(idsOf(await backend.searchMemories({})), ['a'])
        assert.equal((await backend.getMemory('a'))?.title, 'Note a')
      },

    'updateMemory() refuses a patch without an id': async (backend) => {
      await rejectsWith('MG_VALIDATION', () => backend.updateMemory({ title: 'New' }))
      await rejectsWith('MG_VALIDATION', () => backend.updateMemory({ id: null, title: 'New' }))
    },

    'storeMemory() counts characters, not code units': async (backend) => {
      await backend.storeMemory(note('owls', { title: '🦉'.repeat(200), summary: '🦉'.repeat(500) }))
      const memory = await backend.getMemory('owls')
      assert.deepEqual([memory?.title, memory?.summary], ['🦉'.repeat(200), '🦉'.repeat(500)])
    },

    'storeMemory() takes content of one mebibyte of UTF-8, and no more': async (backend) => {
      const largest = 'é'.repeat(MEBIBYTE / 2)
      await backend.storeMemory(note('large', { content: largest }))
      assert.equal((await backend.getMemory('large'))?.content, largest)
      await rejectsWith('MG_VALIDATION', () =>
        backend.storeMemory(note('larger', { content: `${largest}a` })),
      )
      await rejectsWith('MG_VALIDATION', () =>
        backend.updateMemory({ id: 'large', content: 'a'.repeat(MEBIBYTE + 1) }),
      )
      assert.equal((await backend.getMemory('large'))?.content, largest)
      assert.equal(await backend.getMemory('larger'), null)
    },
  }),
]
