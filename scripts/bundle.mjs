// How this project's TypeScript is bundled, for the program itself and for the benches.
import { readFileSync } from 'node:fs'
import { build } from 'esbuild'

export const root = new URL('..', import.meta.url).pathname

/** Yoga takes its binary by `fetch` of a data: URL, for which Node loads all of its HTTP; as bytes it is taken at once. */
const yogaAsBytes = {
  name: 'yoga-as-bytes',
  setup({ onLoad, onResolve }) {
    const url = /"data:application\/octet-stream;base64,([A-Za-z0-9+/=]+)"/
    const once = (text, pattern, by) => {
      if (text.split(pattern).length !== (pattern instanceof RegExp ? 3 : 2))
        throw new Error(`yoga-layout has changed: ${pattern}`)
      return text.replace(pattern, by)
    }
    const binaryOf = (index) => index.replace(/src\/index\.js$/, 'binaries/yoga-wasm-base64-esm.js')
    onLoad({ filter: /yoga-layout\/dist\/src\/index\.js$/ }, ({ path }) => ({
      contents: `import bytes from 'yoga-bytes'
const instantiateWasm = (imports, done) => (done(new WebAssembly.Instance(new WebAssembly.Module(bytes), imports)), {})
${once(readFileSync(path, 'utf8'), 'loadYoga()', 'loadYoga({ instantiateWasm })')}`,
    }))
    onLoad({ filter: /yoga-wasm-base64-esm\.js$/, namespace: 'file' }, ({ path }) => ({
      contents: once(readFileSync(path, 'utf8'), url, '"data:application/octet-stream;base64,"'),
    }))
    onResolve({ filter: /^yoga-bytes$/ }, ({ importer }) => ({
      path: binaryOf(importer),
      namespace: 'yoga-bytes',
    }))
    onLoad({ filter: /.*/, namespace: 'yoga-bytes' }, ({ path }) => ({
      contents: `export default Buffer.from('${url.exec(readFileSync(path, 'utf8'))[1]}', 'base64')`,
    }))
  },
}

/** @param {import('esbuild').BuildOptions} options */
export async function bundle(options) {
  await build({
    absWorkingDir: root,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    keepNames: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    jsx: 'automatic',
    // Ink asks for the first only when DEV is set; as an external module it would be looked for at start. The second
    // shows the cursor on standard error when the program ends, in words that a VT100 does not know; the session knows better.
    alias: { 'react-devtools-core': './scripts/nothing.mjs', 'restore-cursor': './scripts/nothing.mjs' },
    // Native helpers of ssh2 that it does without when they are absent.
    external: ['cpu-features', '*.node'],
    banner: {
      js: "import { createRequire as vddRequire } from 'node:module'; const require = vddRequire(import.meta.url); const __dirname = import.meta.dirname;",
    },
    logLevel: 'warning',
    inject: ['scripts/late-intl.mjs'],
    plugins: [yogaAsBytes],
    ...options,
    define: {
      'process.env.NODE_ENV': '"production"',
      'process.env.DEV': '"false"',
      'Intl.Segmenter': 'LateSegmenter',
      'Intl.Collator': 'LateCollator',
      ...options.define,
    },
  })
}
