import { createWriteStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { writeFailure } from '../transfer/formats/write-failure.js'

/** Does work with what stdin holds as a file, since it is read more than once. The file is gone afterwards. */
export async function withStdinFile<Result>(work: (path: string) => Promise<Result>): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'memorygraph-'))
  try {
    const path = join(folder, 'stdin')
    await pipeline(process.stdin, createWriteStream(path, { mode: 0o600 })).catch((error: unknown) => {
      throw writeFailure(error, path)
    })
    return await work(path)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
