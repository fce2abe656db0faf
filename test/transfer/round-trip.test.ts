import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import type { GraphBackend } from '../../src/index.js'
import { exportFile, exportGraph, InMemoryBackend, importGraph, TursoBackend } from '../../src/index.js'
import { scratchFolder } from '../support/scratch.js'
import { stores } from './export-samples.js'

const PYTHON_FILE = new URL('../fixtures/python-memory.db', import.meta.url)
const LAYOUTS = ['jsonl', 'json'] as const

async function textOf(backend: GraphBackend, format: 'jsonl' | 'json' = 'jsonl'): Promise<string> {
  let text = ''
  for await (const chunk of exportGraph(backend, { format })) text += chunk
  return text
}

async function fill(backend: GraphBackend): Promise<void> {
  await backend.storeMemories(
    ['a', 'b', 'ünï "quoted" \\ 🦉'].map((id) => ({
      id,
      type: 'general',
      title: `Title\n${id}`,
      content: '---\n{"kind":"end"}\n\u2028日本 ',
      tags: ['x'],
      effectiveness: 0.25,
      context: { project_path: '/p', additional_metadata: { deep: [{ n: null }] } },
    })),
  )
  await backend.putNodes([
    { id: 'task', label: 'Task', properties: { done: false, __proto__x: 1, '10': 'ten' } },
  ])
  const [node] = await backend.getNodes(['b'])
  await backend.putNodes([
    { id: 'b', label: 'Memory', properties: { ...node?.properties, other: { program: 1 } } },
  ])
  for (const title of ['Second', 'Third']) await backend.updateMemory({ id: 'a', title })
  const old = await backend.createRelationship('a', 'b', 'SOLVES', {
    valid_from: '2024-01-01',
    context: 'why',
  })
  await backend.supersedeRelationship(old, { to_memory_id: 'ünï "quoted" \\ 🦉' })
  await backend.createRelationship('b', 'task', 'DEPENDS_ON', {
    valid_until: '2099-01-01',
    success_rate: 0.5,
  })
}

describe.each(stores)('What was exported from %s', (_name, create) => {
  describe.each(LAYOUTS)('as %s', (format) => {
    let source: GraphBackend
    let path: string

    beforeEach(async () => {
      source = await create()
      path = join(scratchFolder(), 'export')
      return () => source.disconnect()
    })

    it('gives the same bytes when it was imported elsewhere and is exported again', async () => {
      await fill(source)
      const report = await exportFile(source, path, { format })
      expect(report).toEqual({ path, format, nodes: 4, relationships: 3, embeddings: 0 })
      await using file = await TursoBackend.create({ path: ':memory:' })
      await using memory = await InMemoryBackend.create()
      for (const target of [file, memory]) {
        expect(await importGraph(target, path)).toMatchObject({
          nodes: { imported: 4, refused: 0 },
          relationships: { imported: 3, refused: 0 },
          refused: [],
        })
        expect(await textOf(target, format)).toBe(await readFile(path, 'utf8'))
        expect(await target.getMemoryHistory('a')).toEqual(await source.getMemoryHistory('a'))
      }
    })

    it('changes nothing when it is imported again, by whatever policy', async () => {
      await fill(source)
      await exportFile(source, path, { format })
      const before = await textOf(source)
      for (const onConflict of ['newer', 'replace', 'skip', 'error'] as const) {
        expect(await importGraph(source, path, { onConflict })).toMatchObject({
          nodes: { imported: 0, replaced: 0, kept: 0, unchanged: 4 },
          relationships: { imported: 0, replaced: 0, kept: 0, unchanged: 3 },
        })
      }
      expect(await textOf(source)).toBe(before)
    })

    it('is complete although there are more than a page, and none', async () => {
      expect(await exportFile(source, path, { format })).toMatchObject({ nodes: 0, relationships: 0 })
      await using empty = await create()
      expect(await importGraph(empty, path)).toMatchObject({ nodes: { imported: 0 }, refused: [] })
      await source.storeMemories(
        Array.from({ length: 1_234 }, (_, at) => ({ type: 'general', title: `T${at}`, content: 'c' })),
      )
      await exportFile(source, path, { format, overwrite: true })
      await using target = await create()
      expect(await importGraph(target, path)).toMatchObject({ nodes: { imported: 1_234 } })
      expect(await textOf(target)).toBe(await textOf(source))
    })

    it('imports nothing when it is cut short anywhere, or damaged, and says in which line', async () => {
      await fill(source)
      await exportFile(source, path, { format })
      const whole = await readFile(path, 'utf8')
      await using target = await create()
      for (let length = 0; length < whole.length - 1; length += 53) {
        await writeFile(path, whole.slice(0, length))
        const cut = importGraph(target, path)
        await expect(cut, `after ${length}`).rejects.toMatchObject({ code: 'MG_VALIDATION' })
      }
      const lines = whole.split('\n')
      for (const [text, line] of [
        [lines.toSpliced(2, 1).join('\n'), lines.length - 2],
        [lines.toSpliced(3, 1, '{"kind":"node",,}').join('\n'), 4],
        [lines.toSpliced(3, 1, '{"kind":"planet"}').join('\n'), 4],
        [`${whole}${lines[1]}\n`, lines.length],
        [lines.slice(0, -2).join('\n'), lines.length - 1],
      ] as const) {
        await writeFile(path, text)
        await expect(importGraph(target, path)).rejects.toMatchObject({
          code: 'MG_VALIDATION',
          details: { line },
        })
      }
      expect(await textOf(target)).toBe(await textOf(await create()))
    })
  })
})

describe('An export of 10,000 memories', () => {
  it('holds 10,000, and so does what it is imported into', async () => {
    await using source = await TursoBackend.create({ path: ':memory:' })
    await source.storeMemories(
      Array.from({ length: 10_000 }, (_, at) => ({ type: 'general', title: `T${at}`, content: 'c' })),
    )
    const path = join(scratchFolder(), 'export.jsonl')
    expect(await exportFile(source, path)).toMatchObject({ nodes: 10_000 })
    await using target = await TursoBackend.create({ path: ':memory:' })
    expect(await importGraph(target, path)).toMatchObject({ nodes: { imported: 10_000, refused: 0 } })
    expect((await target.getMemoryStatistics()).total_memories.count).toBe(10_000)
  })
})

describe('An export of a file of MemoryGraph for Python', () => {
  it('is all of it, and comes out of another store the same', async () => {
    const path = join(scratchFolder(), 'memory.db')
    await writeFile(path, await readFile(PYTHON_FILE))
    await using source = await TursoBackend.create({ path })
    const target = join(scratchFolder(), 'export.jsonl')
    const { nodes, relationships } = await exportFile(source, target)
    const health = await source.healthCheck()
    expect({ nodes, relationships }).toEqual({
      nodes: health.node_count,
      relationships: health.relationship_count,
    })
    await using copy = await InMemoryBackend.create()
    expect((await importGraph(copy, target)).refused).toEqual([])
    expect(await textOf(copy)).toBe(await readFile(target, 'utf8'))
  })
})
