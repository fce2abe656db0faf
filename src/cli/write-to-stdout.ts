import { once } from 'node:events'

/** Writes text to stdout as fast as it is read there; no further than it is, where a reader has seen enough (`| head`). */
export async function writeToStdout(chunks: AsyncIterable<string>): Promise<void> {
  for await (const chunk of chunks) {
    if (!process.stdout.writable) return
    if (process.stdout.write(chunk)) continue
    try {
      await once(process.stdout, 'drain')
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'EPIPE') return
      throw error
    }
  }
}
