import { defineConfig } from 'vitest/config'

/** Tests that start real programs get wide bounds: a slow machine must not fail them. */
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts', 'test/**/*.test.tsx'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // Two cores at most, and files of tests that share the lab one after the other.
    maxWorkers: 2,
    env: { FORCE_COLOR: '1' },
  },
})
