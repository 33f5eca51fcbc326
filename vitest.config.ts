import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { svelte } from '@sveltejs/vite-plugin-svelte'
import { svelteTesting } from '@testing-library/svelte/vite'
import { defineConfig } from 'vitest/config'

/** Tests that take more than a moment are named `*.slow.test.ts`: they run last, and not at all with `--quick`. */
const SLOW = 'test/**/*.slow.test.ts'
/** And those that take long and hardly ever break: only with `--rare`, which the workflow runs too. */
const RARE = 'test/**/*.rare.test.ts'
/** The window's parts, in a page that is only imagined; a real browser has its turn in test/e2e. */
const WINDOW = 'test/renderer/**/*.test.ts'

export default defineConfig({
  test: {
    testTimeout: 120_000,
    // What is waited for comes when it comes: machines differ, and are busy.
    expect: { poll: { timeout: 20_000 } },
    // Nothing that the developer has installed is seen by a test, and all is said in English.
    env: { LC_ALL: 'C', FEWLINE_MODELS: join(tmpdir(), 'fewline-tests-without-models') },
    projects: [
      {
        extends: true,
        test: {
          name: 'quick',
          include: ['test/**/*.test.ts'],
          exclude: [SLOW, RARE, WINDOW],
          // Whoever changes the environment of the process puts it back.
          isolate: false,
          maxWorkers: '100%',
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        plugins: [svelte({ configFile: 'renderer/svelte.config.js' }), svelteTesting()],
        test: {
          name: 'window',
          include: [WINDOW],
          environment: 'happy-dom',
          maxWorkers: '100%',
          sequence: { groupOrder: 0 },
        },
      },
      { extends: true, test: { name: 'slow', include: [SLOW], maxWorkers: '100%', sequence: { groupOrder: 1 } } },
      { extends: true, test: { name: 'rare', include: [RARE], sequence: { groupOrder: 1 } } },
    ],
  },
})
