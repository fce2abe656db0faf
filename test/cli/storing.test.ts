import { describe, expect, it } from 'vitest'
import { path, useCliFolder } from './cli-folder.js'
import { type ProgramResult, runInProcess } from './run-in-process.js'

useCliFolder()

function cli(parameters: readonly string[]): Promise<ProgramResult> {
  return runInProcess([...parameters, '--path', path])
}

async function json(parameters: readonly string[]): Promise<Record<string, unknown>> {
  const { stdout, stderr, code } = await cli([...parameters, '--json'])
  expect([code, stderr]).toEqual([0, ''])
  return JSON.parse(stdout)
}

async function store(title: string, ...more: string[]): Promise<string> {
  const fields = ['--type', 'general', '--title', title, '--content', `content of ${title}`]
  return String((await json(['store', ...fields, ...more]))['id'])
}

describe('storing and reading', () => {
  it('store prints the id alone, and get shows the memory', async () => {
    const context = JSON.stringify({ languages: ['go'], git_branch: 'main' })
    const fields = [
      '--type',
      'SOLUTION',
      '--title',
      'A title',
      '--content',
      'Some content',
      '--summary',
      'short',
    ]
    const numbers = ['--importance', '0.9', '--confidence=0.7', '--effectiveness', '1']
    const more = ['--tags', 'A, b', '--tags', 'c', '--project', '/p', '--context', context]
    const stored = await cli(['store', ...fields, ...numbers, ...more, '--id', 'my id'])
    expect(stored).toEqual({ code: 0, stdout: 'my id\n', stderr: '' })
    expect(await json(['get', 'my id'])).toMatchObject({
      id: 'my id',
      type: 'solution',
      title: 'A title',
      content: 'Some content',
      summary: 'short',
      tags: ['a', 'b', 'c'],
      importance: 0.9,
      confidence: 0.7,
      effectiveness: 1,
      context: { project_path: '/p', languages: ['go'], git_branch: 'main' },
      relationships: {},
    })
    const { stdout } = await cli(['get', 'my id'])
    for (const part of ['A title', 'Some content', 'a, b, c', '/p']) expect(stdout).toContain(part)
    expect(await json(['get', 'my id', '--no-relationships'])).toMatchObject({ relationships: null })
  })

  it('update changes and clears the fields that are named', async () => {
    const id = await store('old', '--summary', 'short', '--tags', 'a', '--project', '/p')
    const updated = await cli([
      'update',
      id,
      '--title',
      'new',
      '--clear',
      'summary,project',
      '--importance',
      '0.1',
    ])
    expect(updated).toEqual({ code: 0, stdout: `updated ${id}\n`, stderr: '' })
    expect(await json(['get', id])).toMatchObject({
      title: 'new',
      summary: null,
      tags: ['a'],
      importance: 0.1,
      context: { project_path: null },
    })
    await json(['update', id, '--clear', 'context', '--clear', 'tags'])
    expect(await json(['get', id])).toMatchObject({ context: null, tags: [], title: 'new' })
  })

  it('delete deletes', async () => {
    const id = await store('short-lived')
    expect(await json(['delete', id])).toEqual({ id, deleted: true })
    expect((await cli(['get', id])).code).toBe(1)
  })
})
