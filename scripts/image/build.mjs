// Makes dist/vdd.image: V8's heap as it is when the program has been loaded. With it Node starts without loading anything
// (node --snapshot-blob). It fits the very Node that made it, which the launcher knows by dist/vdd.image.fits (bin/vdd).
import { execFile } from 'node:child_process'
import {
  closeSync,
  fsyncSync,
  mkdtempSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { bundle, root } from '../bundle/bundle.mjs'

const run = promisify(execFile)

/**
 * Makes the image, or says why there is none; the program then starts without.
 *
 * @param {import('esbuild').BuildOptions} options of the program's bundle
 * @param {string} version what the image is to answer to --version
 */
export async function makeImage(options, version) {
  const folder = mkdtempSync(join(root, 'dist', '.image-'))
  try {
    await bundle({
      ...options,
      entryPoints: ['src/image.ts'],
      outfile: join(folder, 'program.cjs'),
      format: 'iife',
      globalName: 'program',
      banner: { js: readFileSync(new URL('guard.cjs', import.meta.url), 'utf8') },
      footer: {
        js: "endGuard(); require('node:v8').startupSnapshot.setDeserializeMainFunction(program.main)",
      },
      define: { ...options.define, 'import.meta.url': '""', 'import.meta.dirname': '""' },
    })
    // V8 keeps a text with two bytes for each of its characters when one of them needs two.
    const [odd] = readFileSync(join(folder, 'program.cjs'), 'utf8').match(/.{0,40}[^\x00-\xff]/) ?? []
    if (odd) throw new Error(`the program is to be written in Latin-1, but: ${odd}`)
    // Without what V8 has compiled it fits other processors too, and is smaller.
    writeFileSync(
      join(folder, 'how.json'),
      JSON.stringify({ builder: 'program.cjs', withoutCodeCache: true }),
    )
    const node = (...args) => run(process.execPath, args, { cwd: folder, env: {}, timeout: 120_000 })
    const { stderr } = await node('--snapshot-blob', 'vdd.image', '--build-snapshot-config', 'how.json')
    if (stderr) throw new Error(stderr)
    const { stdout } = await node('--snapshot-blob', 'vdd.image', '--', '--version')
    if (stdout !== `${version}\n`) throw new Error(`the image answers ${JSON.stringify(stdout)}`)
    keep(folder)
  } catch (error) {
    console.error(`no dist/vdd.image, so vdd starts more slowly: ${error.stderr || error.message}`)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** On the disk whole, before anybody is told of it. */
function keep(folder) {
  const image = join(folder, 'vdd.image')
  const file = openSync(image, 'r')
  fsyncSync(file)
  closeSync(file)
  const sizes = [process.execPath, image].map((path) => `${statSync(path).size}\n`)
  writeFileSync(join(folder, 'vdd.image.fits'), sizes.join(''))
  for (const name of ['vdd.image', 'vdd.image.fits']) renameSync(join(folder, name), join(root, 'dist', name))
}
