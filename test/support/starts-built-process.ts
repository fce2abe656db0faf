import type { Plugin } from 'vitest/config'

/** The process that syncs is a program of its own, so tests of the sources start the one that was built. */
export const startsBuiltProcess: Plugin = {
  name: 'starts-built-process',
  transform(code, id) {
    if (!id.endsWith('/replica/sync-process-url.ts')) return
    const built = new URL('../../dist/backends/turso/replica/sync-process-url.js', import.meta.url)
    return code.replace('import.meta.url', JSON.stringify(built.href))
  },
}
