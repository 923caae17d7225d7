import { defineConfig } from 'vitest/config'

/** Wide bounds: these tests start real programs, and a slow machine must not fail them. */
const patience = { testTimeout: 120_000, hookTimeout: 180_000 }

export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      { test: { name: 'fast', include: ['test/**/*.test.{ts,tsx}'], exclude: ['test/lab/**'], ...patience } },
      // Each file of these brings up real systems; one after the other, when the others are done.
      {
        test: {
          name: 'lab',
          include: ['test/lab/**/*.test.{ts,tsx}'],
          fileParallelism: false,
          sequence: { groupOrder: 1 },
          ...patience,
        },
      },
    ],
  },
})
