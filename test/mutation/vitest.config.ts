import { defineConfig } from 'vitest/config'

/** The tests of these rooms alone. What the screens and the program notice besides is not counted: each of those tests runs nearly all. */
export default defineConfig({
  test: {
    include: ['test/{actions,fleet,services,terminal,cases}/**/*.test.{ts,tsx}'],
    // These measure functions that are longer by what counts their changes.
    exclude: ['test/*/growth.test.ts'],
    // Of random screens a few are enough, on each terminal and for each change.
    env: { VDD_RUNS: '5' },
    // One process for all files: a new one for each would take longer than most tests.
    isolate: false,
    // Three times as long as the slowest takes: a change by which a test waits for ever is noticed by that.
    testTimeout: 10_000,
    hookTimeout: 10_000,
    expect: { poll: { timeout: 5_000, interval: 20 } },
  },
})
