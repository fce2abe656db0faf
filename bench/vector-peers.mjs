import { execFileSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import Database from 'libsql'
import { DIMENSIONS, vectorAt } from './vectors.mjs'

/*
 * Other ways to find the nearest vectors in a file. Each is filled with vectors whose ids are their places, and looks for the ten
 * nearest to one.
 */

const SLICE = 5000

/** Compares every vector: a table, and the engine's function. */
export function openPlain(path) {
  const database = new Database(path)
  database.exec('PRAGMA journal_mode = WAL')
  database.exec(`CREATE TABLE vectors (id INTEGER PRIMARY KEY, vector F32_BLOB(${DIMENSIONS}))`)
  const search = database.prepare('SELECT id FROM vectors ORDER BY vector_distance_cos(vector, ?) LIMIT 10')
  return peerOf(database, 'INSERT INTO vectors VALUES (?, ?)', (query) => search.raw().all([query]))
}

/** The engine's index with its default parameters. */
export function openDiskAnn(path) {
  const database = new Database(path)
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF')
  database.exec(`CREATE TABLE vectors (id INTEGER PRIMARY KEY, vector F32_BLOB(${DIMENSIONS}))`)
  database.exec('CREATE INDEX vectors_index ON vectors(libsql_vector_idx(vector))')
  const search = database.prepare(`SELECT id FROM vector_top_k('vectors_index', ?, 10)`)
  return peerOf(database, 'INSERT INTO vectors VALUES (?, ?)', (query) => search.raw().all([query]))
}

/**
 * The extension sqlite-vec, installed for this run alone into a folder.
 *
 * @throws it cannot be installed
 */
export function openSqliteVec(path, folder) {
  const install = ['install', '--prefix', folder, '--no-save', 'better-sqlite3@12', 'sqlite-vec']
  execFileSync('npm', install, { stdio: ['ignore', 'ignore', 'pipe'] })
  const require = createRequire(join(folder, 'package.json'))
  const database = new (require('better-sqlite3'))(path)
  require('sqlite-vec').load(database)
  database.exec(
    `CREATE VIRTUAL TABLE vectors USING vec0(id INTEGER PRIMARY KEY, vector float[${DIMENSIONS}] distance_metric=cosine)`,
  )
  const search = database.prepare('SELECT id FROM vectors WHERE vector MATCH ? ORDER BY distance LIMIT 10')
  return peerOf(database, 'INSERT INTO vectors VALUES (?, ?)', (query) => search.raw().all(query))
}

function peerOf(database, insert, rowsOf) {
  const statement = database.prepare(insert)
  return {
    fill: (vectors) => {
      const count = vectors.length / DIMENSIONS
      for (let start = 0; start < count; start += SLICE) {
        database.exec('BEGIN')
        for (let at = start; at < Math.min(count, start + SLICE); at++)
          statement.run([BigInt(at), bytesOf(vectorAt(vectors, at))])
        database.exec('COMMIT')
      }
    },
    search: (query) => rowsOf(bytesOf(query)).map(([id]) => id),
    close: () => database.close(),
  }
}

function bytesOf(vector) {
  return Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength)
}
