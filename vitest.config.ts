import { defineConfig, type ViteUserConfig } from 'vitest/config'
import { startsBuiltProcess } from './test/support/starts-built-process.js'

const config: ViteUserConfig = defineConfig({
  plugins: [startsBuiltProcess],
  test: {
    include: ['test/**/*.test.ts'],
    setupFiles: ['test/support/fast-check-seed.ts'],
    exclude: ['test/long/**'],
    typecheck: { enabled: false },
    // Many tests wait for a network, a lock or another process most of their time.
    maxWorkers: 3,
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
