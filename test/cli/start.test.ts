import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { folder, path, useCliFolder } from './cli-folder.js'
import { runCli } from './run-cli.js'

useCliFolder()

/** The modules that a command line evaluates. */
async function modulesOf(parameters: readonly string[]): Promise<string[]> {
  const NODE_V8_COVERAGE = join(folder, 'modules')
  expect(await runCli(parameters, { env: { NODE_V8_COVERAGE } })).toMatchObject({ code: 0, stderr: '' })
  return readdirSync(NODE_V8_COVERAGE).flatMap((file) => {
    const { result } = JSON.parse(readFileSync(join(NODE_V8_COVERAGE, file), 'utf8'))
    return (result as { url: string }[]).map(({ url }) => url)
  })
}

const HEAVY =
  /libsql|hrana|cockatiel|cross-fetch|isomorphic|minisearch|\/zod\/|\/backends\/(turso|in-memory)\//

describe('what a command does not need is not loaded', () => {
  it.each([
    ['--version'],
    ['--help'],
    ['sync --help'],
    ['sync-status --help'],
    ['promote --help'],
    ['detach --help'],
    ['health --help'],
  ])('%s loads neither native code nor what reaches a primary', async (line) => {
    const modules = await modulesOf(line.split(' '))
    expect(modules).toContainEqual(expect.stringContaining('/dist/cli/program.js'))
    expect(modules.filter((module) => HEAVY.test(module))).toEqual([])
  })

  it('and would be seen here', async () => {
    const modules = await modulesOf(['stats', '--path', path])
    expect(modules.filter((module) => HEAVY.test(module))).toContainEqual(
      expect.stringContaining('turso-backend.js'),
    )
  })
})
