// Builds dist/: one production bundle of ES modules, split so that verbs do not load what only the console needs.
import { readFileSync, rmSync } from 'node:fs'
import { build } from 'esbuild'

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
const root = new URL('..', import.meta.url).pathname

rmSync(`${root}dist`, { recursive: true, force: true })
await build({
  absWorkingDir: root,
  entryPoints: ['src/main.tsx'],
  outdir: 'dist',
  outExtension: { '.js': '.mjs' },
  bundle: true,
  splitting: true,
  minify: true,
  lineLimit: 160,
  keepNames: true,
  platform: 'node',
  format: 'esm',
  target: 'node24',
  jsx: 'automatic',
  // Ink asks for the first only when DEV is set; as an external module it would be looked for at start. The second shows the cursor
  // on standard error when the program ends, in words that a VT100 does not know; the session knows better.
  alias: { 'react-devtools-core': './scripts/nothing.mjs', 'restore-cursor': './scripts/nothing.mjs' },
  // Native helpers of ssh2 that it does without when they are absent.
  external: ['cpu-features', '*.node'],
  define: {
    'process.env.NODE_ENV': '"production"',
    'process.env.DEV': '"false"',
    VDD_VERSION: JSON.stringify(version),
  },
  banner: {
    js: "import { createRequire as vddRequire } from 'node:module'; const require = vddRequire(import.meta.url); const __dirname = import.meta.dirname;",
  },
  logLevel: 'warning',
})
