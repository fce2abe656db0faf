import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { folder, path, useCliFolder } from './cli-folder.js'
import { runCli } from './run-cli.js'
import { runInProcess } from './run-in-process.js'

useCliFolder()

const note = ['store', '--type', 'general', '--title', 'A', '--content', 'text']

describe('exit codes', () => {
  it.each([['--version'], ['-v']])('%s prints the version and is 0', async (flag) => {
    const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
    expect(await runCli([flag])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' })
  })

  it.each([[['--help']], [['help']], [['help', 'store']], [['store', '-h']]])(
    '%j prints help and is 0',
    async (parameters) => {
      const result = await runCli(parameters)
      expect(result).toMatchObject({
        code: 0,
        stdout: expect.stringContaining('Usage: memorygraph-turso'),
        stderr: '',
      })
    },
  )

  it.each([['get'], ['update', '--title', 'B'], ['delete']])(
    'a missing id is 1: %s',
    async (command, ...more) => {
      const result = await runCli([command, 'missing', ...more, '--path', path])
      expect(result).toMatchObject({ code: 1, stdout: '' })
      expect(result.stderr).toBe('error: There is no memory with the id "missing" [MG_NOT_FOUND]\n')
    },
  )

  it('what the library refuses is 1', async () => {
    const result = await runCli([
      'store',
      '--type',
      'general',
      '--title',
      'x'.repeat(300),
      '--content',
      'a',
      '--path',
      path,
    ])
    expect(result).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/title.*200.*\[MG_VALIDATION\]/),
    })
    expect(result.stderr).not.toMatch(/^ +at /m)
  })

  const wrong: [parameters: string[], named: string][] = [
    [[], 'Usage'],
    [['frobnicate'], 'frobnicate'],
    [['search', '--frobnicate'], '--frobnicate'],
    [['search', '--limit', 'abc'], '--limit'],
    [['search', '--limit', '10x'], '--limit'],
    [['search', '--limit', '0'], '--limit'],
    [['search', '--limit'], '--limit'],
    [['search', '--min-importance', '7'], '--min-importance'],
    [['search', '--type', 'problem,unheard'], '--type'],
    [['search', '--created-after', 'yesterday'], '--created-after'],
    [['search', 'two', 'words'], 'arguments'],
    [['search', 'text', '--terms', 'term'], '--terms'],
    [['search', '--min-importance', 'high'], '--min-importance'],
    [['stats', '--path', ''], '--path'],
    [['related', 'a', '--depth', '11'], '--depth'],
    [['related', 'a', '--limit', 'some'], '--limit'],
    [['link', 'a', 'b', 'KNOWS'], 'KNOWS'],
    [['link', 'a', 'b'], 'type'],
    [['update', 'a', '--importance', '7'], '--importance'],
    [['update', 'a'], 'nothing to change'],
    [['update', 'a', '--title', 'b', '--clear', 'title'], '--clear'],
    [['update', 'a', '--summary', 'b', '--clear', 'summary'], '--clear summary'],
    [['store', '--title', 'a', '--content', 'b'], '--type'],
    [[...note, '--context', '[1]'], '--context'],
    [[...note, '--context', '{'], '--context'],
    [[...note, '--project', '/p', '--context', '{"project_path": "/q"}'], '--project'],
    [['stats', '--backend', 'nonsense'], '--backend'],
    [['stats', '--backend', 'memory', '--path', 'a.db'], '--path'],
    [['demo', '--backend', 'memory'], '--backend'],
    [['sync', 'now'], 'arguments'],
    [['sync', '--token=a-secret'], "'--token'"],
    [['sync', '--tokn', 'a-secret'], "'--tokn'"],
    [['sync', '--queit'], 'Did you mean --quiet?'],
    [['sync-status', '--url', 'a-secret'], '--url'],
    [['promote'], 'MEMORYGRAPH_TURSO_URL'],
    [['promote', '--url', ''], '--url'],
    [['promote', '--url', 'libsql://u:a-secret@example.com'], 'credentials'],
    [['promote', '--url', 'http://example.com'], 'not encrypted'],
    [['promote', '--url', 'libsql://example.com', '--backend', 'memory'], '--backend'],
    [['detach', '--backend', 'memory'], '--backend'],
    [['backup'], 'file'],
    [['backup', 'copy.db'], 'no database at'],
    [['backup', 'copy.db', '--backend', 'memory'], '--backend'],
    [['doctor'], 'no database at'],
    [['doctor', '--backend', 'memory'], '--backend'],
    [['doctor', '--dry-run'], '--repair'],
    [['doctor', '--force'], '--remove'],
    [['doctor', '--repair', '--remove'], '--remove'],
    [['doctor', '--remove', '--backend', 'memory'], '--backend'],
    [['detach', '--url', 'libsql://example.com'], '--url'],
  ]
  it.each(wrong)('wrong usage is 2: %j', async (parameters, named) => {
    vi.stubEnv('MEMORY_SQLITE_PATH', path)
    const result = await runInProcess(parameters)
    expect(result).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(named) })
    expect(result.stderr).not.toContain('a-secret')
    expect(existsSync(path)).toBe(false)
  })

  it('an unknown backend names those that exist', async () => {
    const { stderr, code } = await runCli(['stats', '--backend', 'postgres'])
    expect(code).toBe(2)
    expect(stderr).toMatch(/"postgres".*sqlite, turso, memory, auto \[MG_CONFIGURATION\]/)
  })
})

describe('--json', () => {
  it.each([
    [['--json', 'get', 'missing'], 'MG_NOT_FOUND'],
    [['get', 'missing', '--json'], 'MG_NOT_FOUND'],
    [['get', '--json'], 'USAGE'],
    [['get', 'a', '--json', '--backend', 'neo4j'], 'MG_CONFIGURATION'],
  ])('prints errors as JSON on stderr: %j', async (parameters, code) => {
    const { stdout, stderr } = await runCli(parameters, { env: { MEMORY_SQLITE_PATH: path } })
    expect(stdout).toBe('')
    expect(JSON.parse(stderr)).toEqual({ error: { code, message: expect.any(String) } })
  })

  it('may stand before the command, as the other common options may', async () => {
    const { stdout, stderr } = await runCli([
      '--json',
      '--backend',
      'turso',
      '--path',
      path,
      '--quiet',
      'health',
    ])
    expect(stderr).toBe('')
    expect(JSON.parse(stdout)).toMatchObject({ backend: 'turso', db_path: path })
  })
})

describe('the environment', () => {
  it('is honoured, and overridden by options', async () => {
    const env = { MEMORY_BACKEND: 'turso', MEMORY_TURSO_PATH: path }
    const asked = await runCli(['health', '--json'], { env })
    expect(JSON.parse(asked.stdout)).toMatchObject({ backend: 'turso', db_path: path })
    const other = join(folder, 'other.db')
    const overridden = await runCli(['health', '--json', '--backend', 'sqlite', '--path', other], { env })
    expect(JSON.parse(overridden.stdout)).toMatchObject({ backend: 'sqlite', db_path: other })
    const memory = await runCli(['health', '--json', '--backend', 'memory'], { env })
    expect(JSON.parse(memory.stdout)).toMatchObject({ backend: 'memory', mode: 'memory' })
  })

  it('is named when it is wrong, without secrets', async () => {
    const secret = 'a-very-secret-token'
    const primary = { TURSO_DATABASE_URL: `libsql://u:${secret}@example.com`, TURSO_AUTH_TOKEN: secret }
    const result = await runCli(['stats'], { env: { ...primary, MEMORY_BACKEND: 'turso' } })
    expect(result).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringMatching(/credentials.*MEMORYGRAPH_TURSO_TOKEN.*\[MG_CONFIGURATION\]/),
    })
    expect(result.stderr).not.toContain(secret)
    const misplaced = await runCli(['stats'], { env: { MEMORY_BACKEND: `libsql://u:${secret}@example.com` } })
    expect(misplaced).toMatchObject({ code: 2, stderr: expect.stringContaining('"libsql:…"') })
    expect(misplaced.stderr).not.toContain(secret)
    const mistyped = await runCli(['stats'], { env: { ...primary, MEMORY_BACKEND: 'truso' } })
    expect(mistyped).toMatchObject({ code: 2, stderr: expect.stringContaining('MEMORY_BACKEND') })
  })

  it('is warned of in the health report where it has no effect', async () => {
    const env = { MEMORY_SQLITE_PATH: path, TURSO_AUTH_TOKEN: 'secret' }
    const { stdout } = await runCli(['health'], { env })
    expect(stdout).toContain('TURSO_AUTH_TOKEN')
    expect(stdout).not.toContain('secret')
  })
})

describe('streams', () => {
  it('a reader that stops early is no error', async () => {
    const result = await runCli(['demo', '--path', path], { closeStdout: true })
    expect([result.code, result.stderr]).toEqual([0, ''])
  })

  it('neither colours nor progress go where no terminal is', async () => {
    const { stdout, stderr } = await runCli(['demo', '--path', path])
    expect(stdout + stderr).not.toContain('\u001b')
  })

  it('stored text cannot steer the terminal', async () => {
    const parameters = ['--type', 'general', '--title', 'a\u001b[2Jb', '--content', 'c\u001b]0;d\u0007e']
    await runCli(['store', ...parameters, '--id', 'a', '--path', path])
    const { stdout } = await runCli(['get', 'a', '--path', path])
    expect(stdout).toContain('a\\x1b[2Jb')
    expect(stdout).not.toContain('\u001b')
  })
})
