import { defineConfig } from 'vitest/config'

// Measures, one at a time: npm run bench:host.
export default defineConfig({
  test: { include: ['test/bench/**/*.bench.ts'], testTimeout: 600_000, fileParallelism: false },
})
