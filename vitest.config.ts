import { defineConfig } from 'vitest/config'

/** Wide bounds, for what never comes: a slow machine must not fail a test. */
const patience = {
  testTimeout: 600_000,
  hookTimeout: 600_000,
  expect: { poll: { timeout: 120_000, interval: 20 } },
}

export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      // The source, in this process: what `npm run test:quick` runs.
      {
        test: {
          name: 'fast',
          include: ['test/**/*.test.{ts,tsx}'],
          exclude: ['test/{cli,pty,lab}/**'],
          ...patience,
        },
      },
      // The program as it is built: as a command, and on a terminal.
      { test: { name: 'program', include: ['test/{cli,pty}/**/*.test.{ts,tsx}'], ...patience } },
      // Each file of these brings up real systems of its own, three files at a time, since they wait most of the time, when the others are done.
      {
        test: {
          name: 'lab',
          include: ['test/lab/**/*.test.{ts,tsx}'],
          sequence: { groupOrder: 1 },
          maxWorkers: 3,
          ...patience,
        },
      },
    ],
  },
})
