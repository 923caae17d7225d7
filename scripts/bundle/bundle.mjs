// How this project's TypeScript is bundled, for the program itself and for the benches.
import { build } from 'esbuild'
import { inkAlone, lateNode, lateYoga, plainLdap, stampWidth } from './packages.mjs'

export const root = new URL('../..', import.meta.url).pathname

/** @param {import('esbuild').BuildOptions} options */
export async function bundle(options) {
  await build({
    absWorkingDir: root,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    jsx: 'automatic',
    // Native helpers of ssh2 that it does without when they are absent.
    external: ['cpu-features', '*.node'],
    banner: {
      js: "import { createRequire as vddRequire } from 'node:module'; const require = vddRequire(import.meta.url); const __dirname = import.meta.dirname;",
    },
    logLevel: 'warning',
    inject: ['scripts/bundle/late-intl.mjs'],
    plugins: [lateYoga, inkAlone, stampWidth, plainLdap, lateNode],
    ...options,
    // Ink asks for the first only when DEV is set; as an external module it would be looked for at start. The second
    // shows the cursor on standard error when the program ends, in words that a VT100 does not know; the session knows better.
    alias: {
      'react-devtools-core': './scripts/bundle/nothing.mjs',
      'restore-cursor': './scripts/bundle/nothing.mjs',
      ...options.alias,
    },
    define: {
      'process.env.NODE_ENV': '"production"',
      'process.env.DEV': '"false"',
      'Intl.Segmenter': 'LateSegmenter',
      'Intl.Collator': 'LateCollator',
      ...options.define,
    },
  })
}
