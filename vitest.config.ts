import { defineConfig, type Plugin, type ViteUserConfig } from 'vitest/config'

/** The process that syncs is a program of its own, so tests of the sources start the one that was built. */
const startsBuiltProcess: Plugin = {
  name: 'starts-built-process',
  transform(code, id) {
    if (!id.endsWith('/replica/sync-process-url.ts')) return
    const built = new URL('dist/backends/turso/replica/sync-process-url.js', import.meta.url)
    return code.replace('import.meta.url', JSON.stringify(built.href))
  },
}

const config: ViteUserConfig = defineConfig({
  plugins: [startsBuiltProcess],
  test: {
    include: ['test/**/*.test.ts'],
    setupFiles: ['test/support/fast-check-seed.ts'],
    exclude: ['test/long/**'],
    typecheck: { enabled: false },
    testTimeout: 60_000,
    hookTimeout: 60_000,
    coverage: {
      provider: 'v8',
      include: ['src/**/*.ts'],
      reporter: ['text-summary', 'json-summary'],
      thresholds: { lines: 85, branches: 85 },
    },
  },
})

export default config
