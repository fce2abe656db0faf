import { randomUUID } from 'node:crypto'
import { mkdir, readdir, realpath, rename, rm, rmdir, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { ConflictError } from '../../errors.js'
import type { Memory } from '../../model/memory.js'
import type { Relationship } from '../../model/relationship.js'
import { encodeNote } from './markdown-note.js'
import { NOTE_NAME_DIGITS, noteFileName } from './note-file-name.js'
import { writeFailure } from './write-failure.js'

/**
 * Writes one Markdown file for each memory into a folder that is new or empty: all that is stored of it and of the relationships
 * that go out from it in the front matter, then its content. `readMarkdownFolder()` reads the same again. The folder appears when
 * all of it is written; until then, the files are in a folder beside it, which goes when anything fails.
 *
 * @param relationshipsOf - the relationships of a memory; those that come in to it are left to the memory they go out from
 * @throws `MG_CONFLICT` the folder is not empty, or it, or what it would be in, is a file
 * @throws `MG_STORAGE_FULL` the disk is full
 * @throws `MG_READ_ONLY` the folder cannot be written
 */
export async function writeMarkdownFolder(
  folder: string,
  memories: AsyncIterable<Memory>,
  relationshipsOf: (id: string) => Promise<readonly Relationship[]>,
): Promise<{ files: number }> {
  const target = await realpath(folder).catch(() => resolve(folder))
  const staged = join(dirname(target), `.${randomUUID()}.partial`)
  try {
    await refuseContents(target)
    await mkdir(staged, { recursive: true, mode: 0o700 })
    return await fill(staged, target, memories, relationshipsOf)
  } catch (error) {
    throw writeFailure(error, folder)
  }
}

async function fill(
  staged: string,
  target: string,
  memories: AsyncIterable<Memory>,
  relationshipsOf: (id: string) => Promise<readonly Relationship[]>,
): Promise<{ files: number }> {
  try {
    let files = 0
    for await (const memory of memories) {
      await writeNote(staged, memory, encodeNote(memory, await relationshipsOf(memory.id)))
      files++
    }
    await putInPlace(staged, target)
    return { files }
  } catch (error) {
    await rm(staged, { recursive: true, force: true })
    throw error
  }
}

async function refuseContents(target: string): Promise<void> {
  try {
    if ((await readdir(target)).length > 0) throw conflict(target, 'it is not empty')
  } catch (error) {
    if (isCode(error, 'ENOTDIR')) throw conflict(target, 'it, or what it would be in, is a file', error)
    if (!isCode(error, 'ENOENT')) throw error
  }
}

/** Memories are for their owner alone. */
const OWN_FILE = { flag: 'wx', mode: 0o600 }

// Two titles and ids that look the same in a name are rare enough for the longer name to be an exception.
async function writeNote(folder: string, memory: Memory, text: string): Promise<void> {
  const [few, all] = NOTE_NAME_DIGITS
  try {
    await writeFile(join(folder, noteFileName(memory, few)), text, OWN_FILE)
  } catch (error) {
    if (!isCode(error, 'EEXIST')) throw error
    await writeFile(join(folder, noteFileName(memory, all)), text, OWN_FILE)
  }
}

// Not every system renames a folder over an empty one.
async function putInPlace(staged: string, target: string): Promise<void> {
  try {
    await rmdir(target).catch((error: unknown) => {
      if (!isCode(error, 'ENOENT')) throw error
    })
    await rename(staged, target)
  } catch (error) {
    if (isCode(error, 'ENOTEMPTY', 'EEXIST', 'ENOTDIR')) {
      throw conflict(target, 'something else has been put there meanwhile', error)
    }
    throw error
  }
}

function conflict(target: string, reason: string, cause?: unknown): ConflictError {
  return new ConflictError(
    `Cannot write the folder ${JSON.stringify(target)}: ${reason}; name one that is new or empty`,
    { details: { path: target }, cause },
  )
}

function isCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code))
}
