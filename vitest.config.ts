import { basename } from 'node:path'
import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Wide bounds, for what never comes: a slow machine must not fail a test. Looks are so many milliseconds apart. */
const patience = (interval: number) => ({
  testTimeout: 600_000,
  hookTimeout: 600_000,
  expect: { poll: { timeout: 120_000, interval } },
})

/**
 * The files that take minutes, most of it waiting, the longest first: begun last, each would keep the whole run waiting for it alone. `terminal` comes
 * when `lvs` is nearly done: their emulated machines would take the cores from each other.
 */
const longest = ['lvs', 'cut-for-good', 'pairs', 'auth', 'bad-input', 'terminal', 'live', 'cluster-actions']

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ project, moduleId }: TestSpecification) =>
      project.name === 'lab' ? longest.indexOf(basename(moduleId, '.test.ts')) : -1
    const rank = (file: TestSpecification) => (place(file) < 0 ? longest.length : place(file))
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b))
  }
}

export default defineConfig({
  test: {
    // Of two cores: tests wait for half of their time, for processes that they start and for what goes on by the clock.
    maxWorkers: 5,
    sequence: { sequencer: LongestFirst },
    projects: [
      // The source, in this process: what `npm run test:quick` runs. Most files need less time than a process of their own takes to load it.
      {
        test: {
          name: 'fast',
          include: ['test/**/*.test.{ts,tsx}'],
          exclude: ['test/{cli,pty,lab}/**', 'test/**/*.alone.test.ts'],
          isolate: false,
          setupFiles: ['test/support/between.ts'],
          ...patience(20),
        },
      },
      // These put other modules in the place of the program's, which must not have been loaded before.
      { test: { name: 'alone', include: ['test/**/*.alone.test.ts'], ...patience(20) } },
      // The program as it is built: as a command, and on a terminal.
      { test: { name: 'program', include: ['test/{cli,pty}/**/*.test.{ts,tsx}'], ...patience(20) } },
      // Each file of these brings up real systems of its own, when the others are done.
      {
        test: {
          name: 'lab',
          include: ['test/lab/**/*.test.{ts,tsx}'],
          sequence: { groupOrder: 1 },
          // What they wait for is done on the same two cores: with three these are busy for most of the time, and hosts still answer in theirs.
          maxWorkers: 3,
          // Most looks there are commands on hosts: one after the other without a pause they would be what the cores are busy with.
          ...patience(250),
        },
      },
    ],
  },
})
