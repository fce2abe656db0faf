import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { DatabaseSource } from '../../../src/backends/turso/foreign/database-source.js'
import {
  type OpenDatabaseOptions,
  openDatabaseSource,
} from '../../../src/backends/turso/foreign/open-database-source.js'
import { checkEntry } from '../../../src/transfer/imported-memory.js'
import type { RecordSource, TransferRecord } from '../../../src/transfer/transfer-record.js'
import { digest } from '../../support/files.js'

/** Opens a source that is closed when the test ends. */
export async function open(path: string, options?: OpenDatabaseOptions): Promise<DatabaseSource> {
  const source = await openDatabaseSource(path, options)
  onTestFinished(() => source.close())
  return source
}

/** All records of a source, by what an importer asks of one. */
export async function recordsOf(source: RecordSource): Promise<TransferRecord[]> {
  const records: TransferRecord[] = []
  for await (const record of source.records()) records.push(record)
  return records
}

/** The values of the records of one kind. */
export function valuesOf(records: readonly TransferRecord[], kind: TransferRecord['kind']): Value[] {
  return records.filter((record) => record.kind === kind).map(({ value }) => value as Value)
}

/** What a record holds, as tests look at it. */
export type Value = { readonly [field: string]: unknown }

/** What an importer says against a memory; `null` when it takes it. */
export function refusalOf(memory: unknown): string | null {
  try {
    checkEntry(memory)
    return null
  } catch (error) {
    return (error as Error).message
  }
}

/** All that can be seen of the files of a folder. */
export function snapshot(folder: string): unknown[] {
  return readdirSync(folder)
    .sort()
    .map((name) => {
      const path = join(folder, name)
      const { size, mtimeMs, ctimeMs, mode, ino } = statSync(path)
      return { name, size, mtimeMs, ctimeMs, mode, ino, digest: digest(path) }
    })
}
