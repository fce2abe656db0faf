import { randomBytes } from 'node:crypto'
import { chmodSync, closeSync, existsSync, openSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { ConfigurationError, ConflictError } from '../../../errors.js'
import { takeName } from '../../../new-name.js'
import { databaseBeside } from '../../open-files.js'
import { inodeOf } from '../local/inode-of.js'
import { settlePath } from '../local/settle-path.js'
import { flush } from '../promote/flush.js'
import { isReplica } from '../replica/replica-files.js'

/** For the user alone, until the backup is known to be one. */
const PRIVATE = 0o600

/** A file that is made under another name, beside the one it is to have, and gets that when it is whole. */
export class BackupTarget {
  readonly path: string
  readonly partial: string
  readonly #overwrite: boolean

  private constructor(path: string, overwrite: boolean) {
    this.path = path
    this.partial = `${path}.${randomBytes(6).toString('hex')}.partial`
    this.#overwrite = overwrite
  }

  /**
   * Makes an empty file beside a path, whose folder is created.
   *
   * @throws `MG_CONFIGURATION` the path is that of the database itself · `MG_CONFLICT` something is there
   */
  static async begin(given: string, source: string | null, overwrite: boolean): Promise<BackupTarget> {
    const path = await settlePath(given)
    const inode = inodeOf(path)
    if (source !== null && (path === source || (inode !== null && inode === inodeOf(source)))) {
      throw new ConfigurationError(
        `Cannot back up to ${path}: it is the database itself: choose another path`,
        {
          details: { path },
        },
      )
    }
    const target = new BackupTarget(path, overwrite)
    target.#requireFree()
    closeSync(openSync(target.partial, 'wx', PRIVATE))
    return target
  }

  /** Gives the file its name and its permissions, for good. */
  finish(mode: number): void {
    chmodSync(this.partial, mode)
    flush(this.partial)
    this.#requireFree()
    if (this.#overwrite) renameSync(this.partial, this.path)
    else if (!takeName(this.partial, this.path)) throw taken(this.path)
    flush(dirname(this.path))
  }

  /** Removes what is left under the other name, and beside it. */
  discard(): void {
    const folder = dirname(this.partial)
    const name = basename(this.partial)
    for (const file of readdirSync(folder)) {
      if (file.startsWith(name)) rmSync(join(folder, file), { force: true })
    }
  }

  #requireFree(): void {
    const { path } = this
    const database = databaseBeside(path)
    if (database !== null && existsSync(database)) {
      throw new ConflictError(
        `Cannot back up to ${path}: the engine keeps that beside ${database}: choose another path; it was left as it is`,
        { details: { path } },
      )
    }
    // A log beside it belongs to what is, or was, there: with a backup in its place the engine would mix the two.
    const log = [`${path}-wal`, `${path}-journal`].find((file) => existsSync(file))
    if (log !== undefined || isReplica(path)) {
      throw new ConflictError(
        `Cannot back up to ${path}: a database there is in use, or was not closed (${log ?? 'it is the copy of a primary'}): choose another path`,
        { details: { path } },
      )
    }
    if (!this.#overwrite && existsSync(path)) throw taken(path)
  }
}

function taken(path: string): ConflictError {
  return new ConflictError(
    `Cannot back up to ${path}: there is a file already: choose another path, or give the option overwrite; it was left as it is`,
    { details: { path } },
  )
}
