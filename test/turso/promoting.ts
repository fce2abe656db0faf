import { setImmediate as turn } from 'node:timers/promises'
import { openHttp } from '@libsql/hrana-client'
import { collectGarbage } from '../../src/backends/turso/local/collect-garbage.js'
import { Connection } from '../../src/backends/turso/local/connection.js'
import { type Progress, type PromoteOptions, TursoBackend } from '../../src/index.js'
import { type Sqld, startSqld } from '../support/sqld.js'

/** A new primary for the time of some work: a replica of one that is used again would get all that was ever in it. */
export async function withPrimary(work: (sqld: Sqld) => Promise<void>): Promise<void> {
  await using sqld = await startSqld()
  await work(sqld)
}

/** The rows of some statements over a file; bytes as text. */
export async function readFile(
  path: string,
  statements: readonly string[],
  encryptionKey?: string,
): Promise<unknown[][]> {
  const connection = await Connection.open({ path, encryptionKey })
  const results = statements.map((sql) => connection.all(sql).map(readable))
  connection.close()
  await turn()
  collectGarbage() // else this process still has the file open
  await turn()
  return results
}

/** The same of a primary. */
export async function readPrimary(url: string, statements: readonly string[]): Promise<unknown[][]> {
  await using backend = await TursoBackend.create({ url, mode: 'remote' })
  const results: unknown[][] = []
  for (const sql of statements) {
    const rows = await backend.executeQuery(sql)
    results.push(rows.map((row) => readable(Object.values(row))))
  }
  return results
}

function readable(row: unknown[]): unknown[] {
  return row.map((value) => (value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : value))
}

/** Runs statements on a primary as another program would. */
export async function onPrimary(url: string, sql: string): Promise<void> {
  const client = openHttp(url, undefined, undefined, undefined, 2)
  await client.openStream().sequence(sql)
  client.close()
}

/** Progress that does something, once, when a phase has come so far. */
export function when(phase: string, rows: number, act: () => void): PromoteOptions['onProgress'] {
  let acted = false
  return (progress: Progress) => {
    if (acted || progress.phase !== phase || progress.done < rows) return
    acted = true
    act()
  }
}
