import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type ProgramResult, type ProgramSettings, runInProcess } from './run-in-process.js'

let folder: string
let path: string
let file: string

beforeEach(() => {
  for (const name of ['MEMORY_BACKEND', 'NO_COLOR']) vi.stubEnv(name, undefined)
  folder = mkdtempSync(join(tmpdir(), 'cli-'))
  path = join(folder, 'memory.db')
  file = join(folder, 'export.json')
})

afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true, force: true })
})

function cli(parameters: readonly string[], settings?: ProgramSettings): Promise<ProgramResult> {
  return runInProcess([...parameters, '--path', path], settings)
}

async function json(parameters: readonly string[], settings?: ProgramSettings): Promise<unknown> {
  const { stdout, stderr, code } = await cli([...parameters, '--json'], settings)
  expect([code, stderr]).toEqual([0, ''])
  return JSON.parse(stdout)
}

const memories = [{ id: 'a', type: 'general', title: 'A', content: 'NaN stays text', score: null }]
const lost = { from_memory_id: 'a', to_memory_id: 'b', type: 'SOLVES' }

function exported(relationships: unknown[] = []): string {
  return JSON.stringify({ format_version: '2.0', memories, relationships })
}

describe('import', () => {
  it('reports, and exits with 1 when entries are refused', async () => {
    writeFileSync(file, exported())
    expect(await json(['import', file, '--dry-run'])).toMatchObject({ nodes: { imported: 1 } })
    expect(await json(['import', file])).toMatchObject({ nodes: { imported: 1 }, refused: [] })
    writeFileSync(file, exported([lost]))
    const refused = await cli(['import', file])
    expect(refused.code).toBe(1)
    expect(refused.stdout).toMatch(/there already +1 +0\n/)
    expect(refused.stdout).toContain('relationship 0')
    expect(refused.stderr).toContain('1 record was refused')
  })

  it('says that a dry run wrote nothing, and writes nothing', async () => {
    writeFileSync(file, exported())
    const dry = await cli(['import', file, '--dry-run'])
    expect(dry).toMatchObject({ code: 0, stderr: 'dry run: nothing was written\n' })
    expect(await json(['import', file])).toMatchObject({ nodes: { imported: 1 } })
  })

  it('shows the first refusals, and counts the others', async () => {
    writeFileSync(file, exported(Array.from({ length: 25 }, (_, at) => ({ ...lost, id: `r${at}` }))))
    const { stdout, stderr } = await cli(['import', file])
    expect(stdout).toContain('relationship 19 (r19)')
    expect(stdout).not.toContain('relationship 20')
    expect(stdout).toContain('and 5 more')
    expect(stderr).toContain('25 records were refused')
    const inJson = await cli(['import', file, '--json'])
    expect(JSON.parse(inJson.stderr)).toEqual({ warning: '25 records were refused' })
  })

  it('reads stdin, also the NaN of Python', async () => {
    const input = exported().replace('"score":null', '"score":NaN')
    expect(await json(['import', '-'], { input })).toMatchObject({ nodes: { imported: 1 }, refused: [] })
  })

  it.each([
    ['no JSON', 'hello', 'line 1, column 1'],
    ['nothing', '', 'it is empty'],
    ['no export', '{}', 'Not a MemoryGraph export'],
    ['no text', Uint8Array.of(0x7b, 0xff, 0x7d), 'not UTF-8'],
  ])('fails on %s', async (_what, input, message) => {
    const result = await cli(['import', '-'], { input })
    expect(result).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining(message) })
  })

  it('fails on a file that is not there, and on one that is no text', async () => {
    const missing = await cli(['import', join(folder, 'missing.json')])
    expect(missing).toMatchObject({ code: 1, stderr: expect.stringMatching(/missing\.json.*MG_VALIDATION/) })
    writeFileSync(file, Uint8Array.of(0xff))
    const binary = await cli(['import', file])
    expect(binary).toMatchObject({ code: 1, stderr: expect.stringContaining(JSON.stringify(file)) })
  })
})

describe('store', () => {
  it('reads the content from stdin, without the newline at its end', async () => {
    const fields = ['store', '--type', 'general', '--title', 'piped', '--content', '-', '--id', 'a']
    await json(fields, { input: 'grüße\n\nlast line\r\n' })
    expect(await json(['get', 'a'])).toMatchObject({ content: 'grüße\n\nlast line' })
    const empty = await cli(fields, { input: '\n' })
    expect(empty).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('[MG_VALIDATION]') })
  })
})
