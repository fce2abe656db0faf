import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { flush } from './flush.js'
import type { PromoteReport } from './promote-report.js'

/**
 * What is noted beside a file from just before a copy of the primary takes its place until all is done: what the next call needs to
 * finish that, or to undo it, when this one comes to a sudden end.
 */
export type SwapNote = Pick<
  PromoteReport,
  'url' | 'nodes' | 'relationships' | 'versions' | 'embeddings' | 'refused'
> & {
  readonly format: 1
  /** The call of `promote()`, as the primary knows it. */
  readonly run: string
  /** The name that the file gets, in the same folder. */
  readonly backup: string
  readonly copy: StagedCopy
}

/** A complete copy of the primary that waits for its place: its inode, and what names what it holds. */
export type StagedCopy = { readonly inode: string; readonly state: string }

function noteOf(path: string): string {
  return `${path}.promoting.json`
}

/** Reads the note; `null` when there is none, so that nothing has been renamed. */
export function readSwapNote(path: string): SwapNote | null {
  try {
    const note = JSON.parse(readFileSync(noteOf(path), 'utf8')) as SwapNote | null
    if (note?.format !== 1) return null
    return { ...note, versions: note.versions ?? 0, embeddings: note.embeddings ?? 0 } // they were not always copied
  } catch {
    return null
  }
}

/** Writes the note, whole or not at all. */
export function writeSwapNote(path: string, note: SwapNote): void {
  const draft = draftOf(path)
  try {
    writeFileSync(draft, `${JSON.stringify(note)}\n`, { mode: 0o600 })
    flush(draft)
    renameSync(draft, noteOf(path))
  } catch (error) {
    rmSync(draft, { force: true })
    throw error
  }
}

/** Removes the note, and what is left of one that was not written to its end. */
export function removeSwapNote(path: string): void {
  for (const file of [draftOf(path), noteOf(path)]) rmSync(file, { force: true })
}

function draftOf(path: string): string {
  return `${noteOf(path)}.tmp`
}
