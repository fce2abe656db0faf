import { beforeEach, describe, expect, it } from 'vitest'
import { TursoBackend } from '../../src/index.js'
import { folder, path, useCliFolder } from './cli-folder.js'
import { runInProcess } from './run-in-process.js'

const STEERING = '\u001b[31m\u001b]0;owned\u0007\u009b2J'
const ID = `memory ${STEERING}`

useCliFolder()

/** As another program may have stored it. */
beforeEach(async () => {
  await using backend = await TursoBackend.create({ path })
  for (const id of [ID, 'other']) {
    const fields = { id, type: `kind ${STEERING}`, title: STEERING, content: STEERING, tags: [STEERING] }
    const properties = { ...fields, importance: 0.1, created_at: STEERING, updated_at: STEERING }
    await backend.executeWriteQuery(
      `INSERT INTO nodes (id, label, properties, created_at, updated_at) VALUES (?, 'Memory', ?, ?, ?)`,
      [id, JSON.stringify(properties), STEERING, STEERING],
    )
  }
  await backend.executeWriteQuery(
    `INSERT INTO relationships (id, from_id, to_id, rel_type, properties, created_at, valid_from, valid_until, recorded_at)
     VALUES (?, ?, 'other', 'SOLVES', '{}', ?, ?, ?, ?)`,
    [ID, ID, STEERING, STEERING, STEERING, STEERING],
  )
})

describe('text that steers a terminal is shown, not sent, by', () => {
  it.each([
    ['get', [ID]],
    ['history', [ID]],
    ['changes', ['2000-01-01']],
    ['related', [ID]],
    ['search', ['kind']],
    ['duplicates', []],
    ['prune', ['--min-importance', '0.5', '--dry-run']],
    ['assign-tenant', [STEERING, '--dry-run']],
    ['export', [STEERING]],
    ['import', [STEERING]],
    ['backup', [STEERING]],
    ['invalidate', [ID]],
    ['doctor', ['--repair', '--dry-run']],
    ['audit', []],
    ['delete', [ID]],
  ])('%s', async (name, parameters) => {
    const own = parameters.map((parameter) =>
      parameter === STEERING && name !== 'assign-tenant' ? `${folder}/${STEERING}` : parameter,
    )
    for (const more of [[], ['--json']]) {
      const { stdout, stderr } = await runInProcess([name, ...own, '--path', path, ...more])
      // biome-ignore lint/suspicious/noControlCharactersInRegex: it is what this is about
      expect(`${stdout}${stderr}`).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/)
      expect(`${stdout}${stderr}`).not.toBe('')
    }
  })
})
