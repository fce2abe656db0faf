import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { RecordSource, TransferRecord } from '../../../src/transfer/transfer-record.js'
import { scratchFolder } from '../../support/scratch.js'

/** All that an iterable yields. */
export async function all<Value>(values: AsyncIterable<Value>): Promise<Value[]> {
  const list: Value[] = []
  for await (const value of values) list.push(value)
  return list
}

/** All records of a source. */
export function records(source: RecordSource): Promise<TransferRecord[]> {
  return all(source.records())
}

/** The values of a list, as something that has to be waited for. */
export async function* later<Value>(values: readonly Value[]): AsyncGenerator<Value, void, undefined> {
  yield* values
}

/** The path of a new file with this text. */
export function fileOf(text: string | Uint8Array, name = 'file'): string {
  const path = join(scratchFolder(), name)
  writeFileSync(path, text)
  return path
}
