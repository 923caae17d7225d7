// Builds dist/: one production bundle of ES modules, split so that verbs do not load what only the console needs.
import { readFileSync, rmSync } from 'node:fs'
import { bundle, root } from './bundle.mjs'

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))

rmSync(`${root}dist`, { recursive: true, force: true })
await bundle({
  entryPoints: ['src/main.ts'],
  outdir: 'dist',
  splitting: true,
  minify: true,
  lineLimit: 160,
  define: { VDD_VERSION: JSON.stringify(version) },
})
