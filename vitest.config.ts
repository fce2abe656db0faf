import { defineConfig, type ViteUserConfig } from 'vitest/config'
import { startsBuiltProcess } from './test/support/starts-built-process.js'

/** What makes conditions of the process as a whole, such as its environment, or waits for others by the second. */
const ALONE = [
  'test/cli/primary.test.ts',
  'test/transfer/formats/hostile-folder.test.ts',
  'test/turso/hostile-disk.test.ts',
  'test/turso/replica/syncing.test.ts',
]

const config: ViteUserConfig = defineConfig({
  plugins: [startsBuiltProcess],
  test: {
    setupFiles: ['test/support/fast-check-seed.ts'],
    typecheck: { enabled: false },
    // Many tests wait for a network, a lock or another process most of their time.
    maxWorkers: 3,
    // Loading the modules anew for each file would take as long as a quarter of the tests.
    projects: [
      {
        extends: true,
        test: {
          name: 'together',
          include: ['test/**/*.test.ts'],
          exclude: ['test/long/**', ...ALONE],
          isolate: false,
        },
      },
      { extends: true, test: { name: 'alone', include: ALONE } },
    ],
    // On a machine that is busy a second is soon over.
    expect: { poll: { timeout: 20_000 } },
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
