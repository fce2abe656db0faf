import { defineConfig, type ViteUserConfig } from 'vitest/config'
import { startsBuiltProcess } from './test/support/starts-built-process.js'

const config: ViteUserConfig = defineConfig({
  plugins: [startsBuiltProcess],
  test: {
    include: ['test/long/**/*.test.ts'],
    testTimeout: 900_000,
    hookTimeout: 60_000,
    fileParallelism: false,
  },
})

export default config
