// Builds dist/: one production bundle of ES modules, split so that verbs do not load what only the console needs; and an image of it.
import { readFileSync, rmSync } from 'node:fs'
import { bundle, root } from './bundle/bundle.mjs'
import { makeImage } from './image/build.mjs'

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
const options = {
  // Nothing goes by the names of classes and functions: to give them back (keepNames) would cost every closure that is made a call, and 300 bytes
  // as long as it lives; there are a hundred and more for each host.
  minify: true,
  lineLimit: 160,
  define: { VDD_VERSION: JSON.stringify(version) },
  // Colours are of the profile and not of the environment, and so is whether anybody looks at the screen.
  alias: { '#supports-color': './scripts/bundle/no.mjs', 'is-in-ci': './scripts/bundle/no.mjs' },
}

rmSync(`${root}dist`, { recursive: true, force: true })
await bundle({ ...options, entryPoints: ['src/main.ts'], outdir: 'dist', splitting: true })
await makeImage(options, version)
