import type { Plugin } from 'vitest/config'

/** Processes and threads are programs of their own, so tests of the sources start those that were built. */
export const startsBuiltProcess: Plugin = {
  name: 'starts-built-process',
  transform(code, id) {
    const [, module] =
      /\/src\/((?:backends\/turso\/(?:replica\/sync-process|maintenance\/maintenance-worker)|graph\/tasks\/task-worker)-url)\.ts$/.exec(
        id,
      ) ?? []
    if (module === undefined) return
    const built = new URL(`../../dist/${module}.js`, import.meta.url)
    return code.replace('import.meta.url', JSON.stringify(built.href))
  },
}
