import { defineConfig, type ViteUserConfig } from 'vitest/config'
import { startsBuiltProcess } from './test/support/starts-built-process.js'

const config: ViteUserConfig = defineConfig({
  plugins: [startsBuiltProcess],
  test: {
    // Those outside are given samples in the short run, and everything here.
    include: [
      'test/long/**/*.test.ts',
      'test/conformance/turso-cloud.test.ts',
      'test/conformance/turso-memory.test.ts',
      'test/conformance/turso-remote.test.ts',
      'test/conformance/turso-replica.test.ts',
      'test/turso/promote-swap.test.ts',
      'test/graph/algorithms/debian.test.ts',
      'test/turso/replica/processes.test.ts',
    ],
    env: { TEST_LONG: 'yes' },
    // On a machine that is busy a second is soon over.
    expect: { poll: { timeout: 20_000 } },
    testTimeout: 900_000,
    hookTimeout: 60_000,
    fileParallelism: false,
  },
})

export default config
