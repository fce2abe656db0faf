import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { folder, path, useCliFolder } from './cli-folder.js'
import { type ProgramResult, runInProcess } from './run-in-process.js'
import { withGraph } from './with-graph.js'

useCliFolder()

function cli(...parameters: readonly string[]): Promise<ProgramResult> {
  return runInProcess([...parameters, '--path', path])
}

async function similar(...parameters: readonly string[]): Promise<string[]> {
  const { stdout, stderr, code } = await cli('similar', ...parameters, '--json')
  expect([code, stderr]).toEqual([0, ''])
  const hits: { score: number; memory: { id: string } }[] = JSON.parse(stdout)
  return hits.map(({ score, memory }) => `${memory.id} ${score.toFixed(2)}`)
}

describe('vectors on the command line', () => {
  beforeEach(() =>
    withGraph({ path, mode: 'local' }, async (graph) => {
      const memories = ['a', 'b', 'c', 'd'].map((id) => ({
        id,
        type: 'general',
        title: `Note ${id}`,
        content: id,
      }))
      await graph.storeMemories(memories)
      await graph.putNodes([{ id: 'task', label: 'Task', properties: {} }])
      await graph.setEmbeddings([
        { id: 'a', model: 'one', vector: [1, 0] },
        { id: 'b', model: 'one', vector: [1, 1] },
        { id: 'c', model: 'one', vector: [1, 0.1] },
        { id: 'task', model: 'one', vector: [1, 0] },
        { id: 'b', model: 'two', vector: [1, 2, 3] },
      ])
    }),
  )

  it('similar shows the other memories, nearest first', async () => {
    expect(await similar('a')).toEqual(['c 1.00', 'b 0.71'])
    expect(await similar('a', '--limit', '1')).toEqual(['c 1.00'])
    expect(await similar('task')).toEqual(['a 1.00', 'c 1.00', 'b 0.71'])
    expect(await similar('b', '--model', 'one')).toEqual(['c 0.77', 'a 0.71'])
    const { stdout } = await cli('similar', 'a')
    expect(stdout).toContain('1. Note c')
    expect(stdout).toMatch(/\n {3}similarity 0\.995\n2\. Note b/)
  })

  it('similar says why there is nothing to show', async () => {
    expect(await cli('similar', 'b', '--model', 'two')).toEqual({
      code: 0,
      stdout: '',
      stderr: 'no other memory has a vector of the model "two"\n',
    })
    expect(await cli('similar', 'b')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('"one", "two"'),
    })
    expect(await cli('similar', 'absent')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('There is no memory with the id "absent"'),
    })
    for (const parameters of [['d'], ['a', '--model', 'two']])
      expect(await cli('similar', ...parameters)).toMatchObject({
        code: 1,
        stderr: expect.stringMatching(/has no vector.*setEmbeddings\(\).*\[MG_NOT_FOUND\]/),
      })
  })

  it('export writes vectors when it is told to, and import and migrate take them over', async () => {
    const file = join(folder, 'graph.jsonl')
    expect(await cli('export', file, '--embeddings')).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('exported 5 memories, 5 vectors and 0 relationships'),
    })
    const { stdout } = await cli('export', '-', '--embeddings')
    expect(stdout).toBe(readFileSync(file, 'utf8'))
    expect((await cli('export', '-')).stdout).not.toContain('embedding')
    expect(await cli('export', '-', '--embeddings', '--format', 'memorygraph')).toMatchObject({ code: 1 })
    const other = join(folder, 'other.db')
    expect(await runInProcess(['import', file, '--path', other])).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/memories +relationships +vectors\nimported +5 +0 +5\n/),
    })
    const third = join(folder, 'third.db')
    const migrated = await cli('migrate', '--to', 'sqlite', '--to-path', third, '--no-embeddings', '--json')
    expect(JSON.parse(migrated.stdout)).toMatchObject({ nodes: { imported: 5 }, embeddings: { imported: 0 } })
    const again = await cli('migrate', '--to', 'sqlite', '--to-path', third, '--json')
    expect(JSON.parse(again.stdout)).toMatchObject({ embeddings: { imported: 5 } })
  })
})
