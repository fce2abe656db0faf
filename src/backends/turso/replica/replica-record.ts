import { readFileSync, renameSync, writeFileSync } from 'node:fs'

/** A row of the ledger of writes. */
export type HistoryMark = { readonly seq: number; readonly id: string }

/** What is noted beside a replica after each sync that changed it: what it must hold when it is opened again. */
export type ReplicaRecord = {
  readonly format: 1
  readonly newest: HistoryMark | null
  readonly frameNo: number | null
  readonly syncedAt: string
  readonly isEncrypted: boolean
}

/** Reads the note; `null` when there is none that can be read, so that the replica counts as never complete. */
export function readRecord(path: string): ReplicaRecord | null {
  let parsed: unknown
  try {
    parsed = JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    return null
  }
  return isRecord(parsed) ? parsed : null
}

function isRecord(value: unknown): value is ReplicaRecord {
  return typeof value === 'object' && value !== null && 'format' in value && value.format === 1
}

/** Writes the note, whole or not at all. */
export function writeRecord(path: string, record: ReplicaRecord): void {
  const draft = `${path}.tmp`
  writeFileSync(draft, `${JSON.stringify(record)}\n`, { mode: 0o600 })
  renameSync(draft, path)
}
