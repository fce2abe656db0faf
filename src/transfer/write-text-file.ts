import { randomUUID } from 'node:crypto'
import { existsSync, statSync } from 'node:fs'
import { mkdir, open, rename, rm } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { databaseBeside, isOpen } from '../backends/open-files.js'
import { ConflictError, ValidationError } from '../errors.js'
import { takeName } from '../new-name.js'
import { isDatabaseHead, readHead } from './formats/file-head.js'
import { writeFailure } from './formats/write-failure.js'

/** The path to export to, which is no database; else a `ConflictError`. */
export async function targetAt(path: string): Promise<string> {
  if (typeof path !== 'string' || path === '' || path.includes('\0'))
    throw new ValidationError('Invalid path of an export: must be the name of a file or a folder')
  const target = resolve(path)
  const isTaken = await belongsToDatabase(target).catch((error: unknown) => {
    throw writeFailure(error, target)
  })
  if (!isTaken) return target
  throw new ConflictError(
    `Cannot export to ${JSON.stringify(target)}: it is a database, or what is kept beside one: choose another name; it was left as it is`,
    { details: { path: target } },
  )
}

async function belongsToDatabase(target: string): Promise<boolean> {
  const database = databaseBeside(target)
  if (isOpen(target) || (database !== null && existsSync(database))) return true
  return (
    statSync(target, { throwIfNoEntry: false })?.isFile() === true && isDatabaseHead(await readHead(target))
  )
}

/** Writes a file, which appears when all of it is written, and returns what the text does at its end. */
export async function writeTextFile<Result>(
  text: AsyncGenerator<string, Result, undefined>,
  target: string,
  overwrite: boolean,
): Promise<Result> {
  const partial = `${target}.${randomUUID()}.partial`
  try {
    await mkdir(dirname(partial), { recursive: true })
    const file = await open(partial, 'wx', 0o600) // memories are for their owner alone
    try {
      for (;;) {
        const { done, value } = await text.next()
        if (done) {
          await file.sync()
          if (overwrite) await rename(partial, target)
          else if (!takeName(partial, target)) throw taken(target)
          return value
        }
        await file.appendFile(value)
      }
    } finally {
      await file.close()
    }
  } catch (error) {
    throw writeFailure(error, target)
  } finally {
    await rm(partial, { force: true })
  }
}

function taken(target: string): ConflictError {
  return new ConflictError(
    `${JSON.stringify(target)} exists: choose another name, or overwrite it (option overwrite)`,
    { details: { path: target } },
  )
}
