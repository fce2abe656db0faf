import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Memory } from '../../../src/model/memory.js'
import type { Relationship } from '../../../src/model/relationship.js'
import { COMPLETE_MEMORY, EVERY_PROPERTY } from '../../../src/testing/samples.js'
import { readMarkdownFolder } from '../../../src/transfer/formats/read-markdown-folder.js'
import { writeMarkdownFolder } from '../../../src/transfer/formats/write-markdown-folder.js'
import { scratchFolder } from '../../support/scratch.js'
import { later, records } from './records.js'

const TIME = '2026-01-01T00:00:00.000001+00:00'

const COMPLETE = {
  ...COMPLETE_MEMORY,
  updated_at: TIME,
  version: 3,
  relationships: null,
  match_info: null,
  context_summary: null,
} as unknown as Memory

function memory(fields: Partial<Memory> = {}): Memory {
  return {
    ...COMPLETE,
    summary: null,
    tags: [],
    context: null,
    effectiveness: null,
    last_accessed: null,
    updated_by: null,
    ...fields,
  }
}

function relationship(fields: Partial<Relationship> = {}): Relationship {
  return {
    id: 'r',
    from_memory_id: 'complete',
    to_memory_id: 'other',
    type: 'SOLVES',
    properties: EVERY_PROPERTY,
    description: null,
    bidirectional: false,
    ...fields,
  }
}

/** What is stored of a memory: the rest is worked out on reading. */
function stored({ relationships, match_info, context_summary, ...fields }: Memory): unknown {
  return fields
}

function storedRelationship({ description, bidirectional, ...fields }: Relationship): unknown {
  return fields
}

async function write(
  folder: string,
  memories: readonly Memory[],
  links: readonly Relationship[] = [],
): Promise<number> {
  const ofMemory = async (id: string): Promise<Relationship[]> =>
    links.filter(({ from_memory_id, to_memory_id }) => from_memory_id === id || to_memory_id === id)
  return (await writeMarkdownFolder(folder, later(memories), ofMemory)).files
}

async function values(folder: string, kind: string): Promise<unknown[]> {
  return (await records(readMarkdownFolder(folder)))
    .filter((found) => found.kind === kind)
    .map(({ value }) => value)
}

/** A folder with these files. */
function folderOf(files: Readonly<Record<string, string | Uint8Array>>): string {
  const folder = scratchFolder()
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(folder, name, '..'), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
  return folder
}

const ODD_TEXTS = [
  '---',
  '--- ',
  '\n---\nid: evil\n---\n',
  '\n\n\n',
  '',
  ' ',
  '\r\n---\r\n',
  'a\n',
  'a\r\n',
  '## Content\n\nx\n\n## Relationships\n\n- **SOLVES** → [t](id)\n',
  'key: value # comment',
  '"quoted"',
  "'quoted'",
  '*alias',
  '&anchor',
  '!tag',
  '[list]',
  '{map: x}',
  '| block',
  '> folded',
  '% directive',
  '@ at',
  'null',
  'true',
  '1.10',
  '0x10',
  '<<',
  '__proto__',
  '\u2028\u2029\u0085\ufeff\u0000\u001b',
  '\ud800',
  '../../etc/passwd',
  '..\\..\\x',
  'C:\\x',
  'CON',
  'nul.txt',
  'a'.repeat(5000),
  '🦉'.repeat(200),
  'trailing dots...',
]

const oddText = fc.oneof(fc.constantFrom(...ODD_TEXTS), fc.string({ unit: 'binary' }), fc.string())

describe('writeMarkdownFolder()', () => {
  it('writes all of a memory so that it reads the same', async () => {
    const folder = join(scratchFolder(), 'new', 'notes')
    const links = [relationship(), relationship({ id: 'in', from_memory_id: 'x', to_memory_id: 'complete' })]
    expect(await write(folder, [COMPLETE, memory({ id: 'plain' })], links)).toBe(2)
    expect(await values(folder, 'memory')).toEqual(
      expect.arrayContaining([stored(COMPLETE), stored(memory({ id: 'plain' }))]),
    )
    expect(await values(folder, 'relationship')).toEqual([storedRelationship(relationship())])
  })

  it('writes what anybody can read', async () => {
    const folder = join(scratchFolder(), 'notes')
    await write(folder, [memory({ title: 'Grüße: aus "Wien"', content: 'One.\n\nTwo.' })], [relationship()])
    const [name = ''] = readdirSync(folder)
    expect(name).toMatch(/^grüße-aus-wien_[0-9a-f]{8}\.md$/)
    const text = readFileSync(join(folder, name), 'utf8')
    expect(text).toMatch(/^---\nformat: "memorygraph-turso\/1"\nid: "complete"\n/)
    expect(text).toContain('\ntitle: "Grüße: aus \\"Wien\\""\n')
    expect(text.endsWith('\n---\n\nOne.\n\nTwo.\n')).toBe(true)
  })

  it('keeps any titles, ids and contents, and every file within the folder', async () => {
    const base = scratchFolder()
    let run = 0
    const entry = fc.record({ id: oddText.filter((id) => id !== ''), title: oddText, content: oddText })
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(entry, { selector: ({ id }) => id, maxLength: 8 }), async (entries) => {
        const outside = join(base, String(run++))
        mkdirSync(outside)
        const memories = entries.map((fields) =>
          memory({ ...fields, tags: [fields.title], summary: fields.content, updated_by: fields.id }),
        )
        const links = entries.map(({ id, title, content }, at) =>
          relationship({
            id: `${at}${title}`,
            from_memory_id: id,
            to_memory_id: content,
            properties: { ...EVERY_PROPERTY, context: title },
          }),
        )
        await write(join(outside, 'notes'), memories, links)
        expect(readdirSync(outside)).toEqual(['notes'])
        const names = readdirSync(join(outside, 'notes'))
        expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(entries.length)
        for (const name of names) {
          expect(name).toMatch(/^[\p{L}\p{M}\p{N}][\p{L}\p{M}\p{N}-]*_[0-9a-f]+\.md$/u)
          expect(Buffer.byteLength(name)).toBeLessThan(200)
        }
        const byId = (a: unknown, b: unknown): number => ((a as Memory).id < (b as Memory).id ? -1 : 1)
        const read = await values(join(outside, 'notes'), 'memory')
        expect(read.sort(byId)).toEqual(memories.map(stored).sort(byId))
        const joined = await values(join(outside, 'notes'), 'relationship')
        expect(joined.sort(byId)).toEqual(links.map(storedRelationship).sort(byId))
      }),
      { numRuns: 60 },
    )
  })

  it('keeps any metadata, also when the front matter has been edited', async () => {
    const base = scratchFolder()
    let run = 0
    await fc.assert(
      fc.asyncProperty(fc.dictionary(oddText, fc.jsonValue()), async (metadata) => {
        const folder = join(base, String(run++))
        const additional_metadata = JSON.parse(JSON.stringify(metadata))
        const context = COMPLETE.context && { ...COMPLETE.context, additional_metadata }
        const whole = memory({ ...COMPLETE, context })
        await write(folder, [whole], [relationship()])
        const before = await records(readMarkdownFolder(folder))
        expect(before[0]?.value).toEqual(stored(whole))
        const [name = ''] = readdirSync(folder)
        const text = readFileSync(join(folder, name), 'utf8')
        writeFileSync(join(folder, name), text.replace('---\n', '---\n# edited by hand\n'))
        expect(await records(readMarkdownFolder(folder))).toEqual(before)
      }),
      { numRuns: 60 },
    )
  })

  it('gives memories of one title files of their own', async () => {
    const folder = join(scratchFolder(), 'notes')
    const memories = Array.from({ length: 50 }, (_, at) =>
      memory({ id: String(at), title: at % 2 ? 'SAME' : 'same' }),
    )
    expect(await write(folder, memories)).toBe(50)
    expect(await values(folder, 'memory')).toHaveLength(50)
  })

  it('takes a longer name where the short one is taken', async () => {
    const folder = join(scratchFolder(), 'notes')
    // The first eight digits of their hashes are the same.
    const ids = ['note 53529', 'note 75183']
    expect(
      await write(
        folder,
        ids.map((id) => memory({ id, title: 'T' })),
      ),
    ).toBe(2)
    expect(readdirSync(folder).sort()).toEqual([
      't_42f58c3e.md',
      expect.stringMatching(/^t_42f58c3e[0-9a-f]{56}\.md$/),
    ])
    const read = (await values(folder, 'memory')) as Memory[]
    expect(read.map(({ id }) => id).sort()).toEqual(ids)
  })

  it('fills a folder that is there and empty', async () => {
    const folder = scratchFolder()
    expect(await write(folder, [memory()])).toBe(1)
    expect(readdirSync(folder)).toHaveLength(1)
  })

  it('writes an empty folder for no memories', async () => {
    const folder = join(scratchFolder(), 'notes')
    expect(await write(folder, [])).toBe(0)
    expect(readdirSync(folder)).toEqual([])
  })

  it('follows a link to an empty folder', async () => {
    const base = scratchFolder()
    mkdirSync(join(base, 'notes'))
    symlinkSync('notes', join(base, 'link'))
    await write(join(base, 'link'), [memory()])
    expect(readdirSync(join(base, 'notes'))).toHaveLength(1)
    expect(readdirSync(base).sort()).toEqual(['link', 'notes'])
  })

  it('refuses a folder that is not empty, and a file, and leaves them as they are', async () => {
    const base = folderOf({ 'notes/.hidden': 'x', file: 'y' })
    for (const name of ['notes', 'file', 'file/notes']) {
      await expect(write(join(base, name), [memory()])).rejects.toMatchObject({
        name: 'ConflictError',
        code: 'MG_CONFLICT',
        message: expect.stringContaining(name),
      })
    }
    expect(readdirSync(base).sort()).toEqual(['file', 'notes'])
    expect(readdirSync(join(base, 'notes'))).toEqual(['.hidden'])
  })

  it('refuses a folder that was filled meanwhile', async () => {
    const base = scratchFolder()
    const folder = join(base, 'notes')
    const filling = async (): Promise<Relationship[]> => {
      mkdirSync(folder)
      writeFileSync(join(folder, 'other'), 'x')
      return []
    }
    await expect(writeMarkdownFolder(folder, later([memory()]), filling)).rejects.toMatchObject({
      code: 'MG_CONFLICT',
    })
    expect(readdirSync(base)).toEqual(['notes'])
    expect(readdirSync(folder)).toEqual(['other'])
  })

  it('leaves nothing when it fails half-way', async () => {
    const base = scratchFolder()
    const failing = async (id: string): Promise<Relationship[]> => {
      if (id === 'b') throw new Error('no more')
      return []
    }
    const memories = later([memory({ id: 'a' }), memory({ id: 'b' })])
    await expect(writeMarkdownFolder(join(base, 'notes'), memories, failing)).rejects.toThrow('no more')
    expect(readdirSync(base)).toEqual([])
  })
})

const PYTHON_NOTE = `---
title: Fix: "quotes" & C# [draft] - 1.10
id: 0123
type: solution
importance: 0.9
confidence: 1.0
tags: [a tag, c#]
created_at: 2025-01-02T03:04:05.000006+00:00
updated_at: 2025-01-03T03:04:05+00:00
project: /srv/x: y
languages: [C#, F#]
technologies: [*nix]
---

## Summary

In short: # done.

## Content

First line.

## Content

---
Not the end.

## Relationships

- **SOLVES** → [A [title](with) brackets](other-id)
- **RELATED_TO** → [Third](third)
`

const TYPESCRIPT_NOTE = `---
title: "Say \\"hi\\": \\\\o/"
id: "other-id"
type: problem
importance: 0.5
confidence: 0.8
tags: ["x, y", "z"]
created_at: "2026-01-02T03:04:05.000Z"
updated_at: "2026-01-02T03:04:05.000Z"
---

## Content

Text
## Relationships

- **NOT** one

## Relationships

- **SOLVES** -> [Fix](0123)
`

describe('readMarkdownFolder()', () => {
  it('reads the notes of MemoryGraph for Python, whatever stands unquoted in them', async () => {
    expect(await values(folderOf({ 'Fix___quotes__0123.md': PYTHON_NOTE }), 'memory')).toEqual([
      {
        id: '0123',
        title: 'Fix: "quotes" & C# [draft] - 1.10',
        type: 'solution',
        importance: 0.9,
        confidence: 1,
        tags: ['a tag', 'c#'],
        created_at: '2025-01-02T03:04:05.000006+00:00',
        updated_at: '2025-01-03T03:04:05+00:00',
        context: { project_path: '/srv/x: y', languages: ['C#', 'F#'], technologies: ['*nix'] },
        summary: 'In short: # done.',
        content: 'First line.\n\n## Content\n\n---\nNot the end.',
      },
    ])
  })

  it.each([
    'null',
    '1.10',
    '"quoted"',
    "'x",
    '[draft] x',
    '* star',
    '# hash',
    'a: b',
    '| x',
    'two\nlines\nid: evil',
    ' ',
  ])('reads the title %j of a note of MemoryGraph for Python as it is', async (title) => {
    const note = PYTHON_NOTE.replace(/^title: .*$/m, () => `title: ${title}`)
    expect(await values(folderOf({ 'a.md': note }), 'memory')).toMatchObject([{ id: '0123', title }])
  })

  it('reads the notes of MemoryGraph for TypeScript', async () => {
    expect(await values(folderOf({ 'a.md': TYPESCRIPT_NOTE }), 'memory')).toEqual([
      {
        id: 'other-id',
        title: 'Say "hi": \\o/',
        type: 'problem',
        importance: 0.5,
        confidence: 0.8,
        tags: ['x, y', 'z'],
        created_at: '2026-01-02T03:04:05.000Z',
        updated_at: '2026-01-02T03:04:05.000Z',
        content: 'Text\n## Relationships\n\n- **NOT** one',
      },
    ])
  })

  it('reads a relationship that both ends list once, and claims no direction that they do not say', async () => {
    const folder = folderOf({ 'a.md': PYTHON_NOTE, 'b.md': TYPESCRIPT_NOTE })
    const found = await values(folder, 'relationship')
    expect(found).toEqual([
      {
        id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        from_memory_id: '0123',
        to_memory_id: 'other-id',
        type: 'RELATED_TO',
        properties: { context: expect.stringMatching(/^SOLVES /) },
      },
      { from_memory_id: '0123', to_memory_id: 'third', type: 'RELATED_TO' },
    ])
    expect(await values(folderOf({ 'a.md': TYPESCRIPT_NOTE, 'b.md': PYTHON_NOTE }), 'relationship')).toEqual(
      found,
    )
  })

  it('reads files whose line ends were changed', async () => {
    const whole = folderOf({ 'a.md': PYTHON_NOTE, 'b.md': TYPESCRIPT_NOTE })
    const changed = folderOf({
      'a.md': `\ufeff${PYTHON_NOTE.replaceAll('\n', '\r\n')}`,
      'b.md': TYPESCRIPT_NOTE.replaceAll('\n', '\r\n'),
    })
    expect(await records(readMarkdownFolder(changed))).toEqual(await records(readMarkdownFolder(whole)))
  })

  it('reads a note that a person wrote', async () => {
    const note = `---
id: tea   # for the kitchen
type: general
title: Tea
tags:
  - kitchen
created_at: 2026-01-01
relationships:
  - { type: REQUIRES, to_memory_id: water }
---
Boil, then wait.
`
    expect(await records(readMarkdownFolder(folderOf({ 'kitchen/tea.md': note })))).toEqual([
      {
        kind: 'memory',
        value: {
          id: 'tea',
          type: 'general',
          title: 'Tea',
          tags: ['kitchen'],
          created_at: '2026-01-01',
          content: 'Boil, then wait.',
        },
        place: 'kitchen/tea.md',
      },
      {
        kind: 'relationship',
        value: { from_memory_id: 'tea', type: 'REQUIRES', to_memory_id: 'water' },
        place: 'kitchen/tea.md',
      },
    ])
  })

  it('reads files of all folders in order of their names and passes over hidden ones', async () => {
    const note = (id: string): string => `---\nid: ${id}\n---\nx`
    const folder = folderOf({
      'b.md': note('r'),
      'a/z.md': note('s'),
      'a/b/c.MD': note('t'),
      'c.md': note('u'),
      '.obsidian/workspace.json': '{}',
      '.DS_Store': '',
    })
    expect((await records(readMarkdownFolder(folder))).map(({ place }) => place)).toEqual([
      'a/b/c.MD',
      'a/z.md',
      'b.md',
      'c.md',
    ])
  })

  it.each<[string, string, string | Uint8Array, RegExp]>([
    ['no Markdown', 'notes/a.txt', 'x', /notes\/a\.txt.*no Markdown/],
    ['without front matter', 'a.md', '# Title\n\n---\nid: x\n---\n', /a\.md.*no front matter/],
    ['with front matter that does not end', 'a.md', '---\nid: x\n', /a\.md.*no front matter/],
    ['with empty front matter', 'a.md', '---\n---\nx', /a\.md.*no mapping/],
    ['without an id', 'a.md', '---\ntitle: x\n---\nx', /a\.md.*"id"/],
    ['with an id that is a number', 'a.md', '---\nid: 12\n---\nx', /a\.md.*in quotes/],
    [
      'with front matter that is no YAML',
      'a.md',
      '---\nid: x\ntitle: a: b\n---\n',
      /a\.md", line 3.*no YAML/,
    ],
    ['with a name twice', 'a.md', '---\nid: x\nid: y\n---\n', /a\.md", line 3.*unique/],
    [
      'with relationships that are no list',
      'a.md',
      '---\nid: x\nrelationships: y\n---\n',
      /a\.md.*list of mappings/,
    ],
    ['of a newer format', 'a.md', '---\nid: x\nformat: memorygraph-turso/2\n---\n', /a\.md.*update/],
    ['with two contents', 'a.md', '---\nid: x\ncontent: y\n---\nz', /a\.md.*leave one/],
    ['that is not UTF-8', 'a.md', Buffer.from([0x2d, 0x0a, 0xff]), /a\.md", line 2.*not UTF-8/],
  ])('refuses a file %s and names it', async (_name, name, text, message) => {
    await expect(records(readMarkdownFolder(folderOf({ [name]: text })))).rejects.toMatchObject({
      code: 'MG_VALIDATION',
      message: expect.stringMatching(message),
    })
  })

  it('refuses two files with the same id', async () => {
    const folder = folderOf({ 'a.md': '---\nid: x\n---\n1', 'b.md': '---\nid: "x"\n---\n2' })
    await expect(records(readMarkdownFolder(folder))).rejects.toThrow(/b\.md.*"a\.md"/)
  })

  it('refuses links, and names a folder that cannot be read', async () => {
    const folder = scratchFolder()
    symlinkSync('..', join(folder, 'up'))
    await expect(records(readMarkdownFolder(folder))).rejects.toThrow(/up.*no Markdown/)
    await expect(records(readMarkdownFolder(join(folder, 'missing')))).rejects.toThrow(/missing.*ENOENT/)
  })
})
