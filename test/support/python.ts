import { spawnSync } from 'node:child_process'

const PYTHON = spawnSync('python3', ['-c', 'import sqlite3; print(sqlite3.sqlite_version)'], {
  encoding: 'utf8',
})

/** The version of the SQLite in this machine's Python; `null` without Python. */
export const pythonSqliteVersion: string | null = PYTHON.status === 0 ? PYTHON.stdout.trim() : null

/** Runs a Python program with the database's path as `path` and its connection as `db`; returns what it prints as JSON. */
export function runPython(path: string, program: string): unknown {
  const script = `import sqlite3, json, sys\npath = sys.argv[1]\ndb = sqlite3.connect(path)\n${program}\ndb.commit()\ndb.close()\n`
  const result = spawnSync('python3', ['-', path], { input: script, encoding: 'utf8' })
  if (result.status !== 0) throw new Error(`Python failed: ${result.stderr}`)
  return result.stdout.trim() === '' ? null : JSON.parse(result.stdout)
}
