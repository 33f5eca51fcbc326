import { svelte } from '@sveltejs/vite-plugin-svelte'
import { svelteTesting } from '@testing-library/svelte/vite'
import { defineConfig } from 'vitest/config'

/** Tests that take more than a moment are named `*.slow.test.ts`: they run last, and not at all with `--quick`. */
const SLOW = 'test/**/*.slow.test.ts'

export default defineConfig({
  test: {
    testTimeout: 60_000,
    projects: [
      {
        extends: true,
        test: { name: 'quick', include: ['test/**/*.test.ts'], exclude: [SLOW], sequence: { groupOrder: 0 } },
      },
      { extends: true, test: { name: 'slow', include: [SLOW], sequence: { groupOrder: 1 } } },
    ],
  },
})
