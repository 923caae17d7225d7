// Mutation testing: Stryker makes a small change in the code, thousands of times, and looks whether a test notices.
// A room alone: npm run test:mutation -- --mutate 'src/terminal/**/*.ts'
export default {
  // Its own packages lie apart from the project's.
  plugins: [import.meta.resolve('@stryker-mutator/vitest-runner')],
  testRunner: 'vitest',
  // Some tests become another user for a moment, which a thread cannot.
  vitest: { configFile: 'test/mutation/vitest.config.ts', related: true, pool: 'forks' },
  coverageAnalysis: 'perTest',
  mutate: [
    'src/{fleet,actions,terminal}/**/*.{ts,tsx}',
    'src/services/*/{parse,xml,config,words,names,places,log,roster,states,attributes,packet,wire}.ts',
    'src/services/libvirt/xen/parse.ts',
    // What holds a real terminal, stops a job or lives under the eyes of the launcher: on a pseudo terminal by test/pty, where no change
    // made here comes to.
    '!src/terminal/session.ts',
    '!src/terminal/job.ts',
    '!src/terminal/life.ts',
  ],
  ignorePatterns: ['dist', 'bench', 'test/mutation/node_modules', 'reports'],
  // What is said in words is for the golden texts.
  mutator: { excludedMutations: ['StringLiteral'] },
  // A change of what is made while a module is loaded would have to run every test.
  ignoreStatic: true,
  concurrency: 2,
  timeoutMS: 20_000,
  timeoutFactor: 4,
  reporters: ['clear-text', 'progress-append-only', 'html', 'json'],
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
  htmlReporter: { fileName: 'reports/mutation.html' },
  jsonReporter: { fileName: 'reports/mutation.json' },
  incremental: true,
  incrementalFile: 'reports/mutation-incremental.json',
  tempDirName: 'reports/sandbox',
  // TypeScript 7 has no interface by which Stryker could rewrite its configuration; none is needed.
  tsconfigFile: 'test/mutation/none.json',
}
