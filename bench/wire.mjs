// Bytes that reach the terminal, for vdd and its peers on the same frames: npm run bench:wire [-- --json]
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import pty from 'node-pty'
import { bundle, root } from '../scripts/bundle/bundle.mjs'

const kinds = ['firstPaint', 'refresh', 'move', 'switch', 'scroll', 'dialog']
const terminals = [
  { term: 'vt100', locale: 'C', colour: false, slow: true },
  { term: 'vt220', locale: 'C', colour: false, slow: true },
  { term: 'linux', locale: 'C.UTF-8', colour: true, slow: false },
  { term: 'xterm-256color', locale: 'C.UTF-8', colour: true, slow: false },
]
const sizes = [
  { columns: 80, rows: 24 },
  { columns: 132, rows: 43 },
]
const mark = '\x1b]777;step\x07'

const folder = mkdtempSync(join(tmpdir(), 'vdd-wire-'))
const inFolder = (name) => join(folder, name)

/** Runs a writer on a terminal of its own; gives the bytes of each step. */
function bytesOf(command, args, { term, locale, columns, rows }) {
  return new Promise((resolve, reject) => {
    const { NO_COLOR: _, ...inherited } = process.env
    const child = pty.spawn(command, args, {
      cols: columns,
      rows,
      name: term,
      encoding: null,
      env: { ...inherited, TERM: term, LANG: locale, LC_ALL: locale, FORCE_COLOR: '1' },
    })
    const chunks = []
    child.onData((chunk) => chunks.push(chunk))
    child.onExit(({ exitCode }) => {
      const parts = Buffer.concat(chunks).toString('latin1').split(mark)
      if (exitCode !== 0)
        reject(new Error(`${command} ${args.join(' ')} ended with ${exitCode}: ${parts.at(-1)}`))
      else resolve(parts.slice(0, -1).map((part) => part.length))
    })
  })
}

function means(steps, bytes) {
  if (steps.length !== bytes.length) throw new Error(`${bytes.length} of ${steps.length} steps were drawn`)
  return Object.fromEntries(
    kinds.map((kind) => {
      const own = bytes.filter((_, i) => steps[i].kind === kind)
      return [kind, Math.round((own.reduce((a, b) => a + b, 0) / own.length) * 10) / 10]
    }),
  )
}

/** The mean over the kinds of what vdd sends to what ncurses sends, for each terminal and size. */
function ratios(results) {
  const ofCurses = results.filter(({ writer }) => writer === 'ncurses')
  return ofCurses.map((curses) => {
    const { terminal, size } = curses
    const vdd = results.find((one) => one.writer === 'vdd' && one.terminal === terminal && one.size === size)
    return {
      terminal,
      size,
      ratio: kinds.reduce((sum, kind) => sum + vdd[kind] / curses[kind], 0) / kinds.length,
    }
  })
}

try {
  await bundle({
    entryPoints: [
      'bench/wire/record.tsx',
      'bench/wire/cells.ts',
      'bench/wire/vdd-writer.ts',
      'bench/wire/ink-writer.tsx',
    ],
    outdir: folder,
    splitting: true,
  })
  process.env.FORCE_COLOR = '1'
  const { record } = await import(inFolder('record.mjs'))
  const { boundOf, cursesSteps } = await import(inFolder('cells.mjs'))
  const results = []
  for (const { columns, rows } of sizes)
    for (const terminal of terminals) {
      const scene = { columns, rows, steps: await record({ columns, rows, ...terminal }) }
      writeFileSync(inFolder('scene.json'), JSON.stringify(scene))
      writeFileSync(inFolder('scene.cells'), cursesSteps(scene, terminal.term, terminal.locale))
      const at = { ...terminal, columns, rows }
      const node = (...args) =>
        bytesOf(process.execPath, [inFolder(args[0]), inFolder('scene.json'), ...args.slice(1)], at)
      const writers = {
        vdd: await node('vdd-writer.mjs'),
        ink: await node('ink-writer.mjs'),
        'ink-incremental': await node('ink-writer.mjs', 'incremental'),
        ncurses: await bytesOf(
          'python3',
          [join(root, 'bench/wire/curses-writer.py'), inFolder('scene.cells')],
          at,
        ),
        bound: boundOf(scene, terminal.term, terminal.locale),
      }
      for (const [writer, bytes] of Object.entries(writers))
        results.push({
          terminal: terminal.term,
          size: `${columns}x${rows}`,
          writer,
          ...means(scene.steps, bytes),
        })
    }
  if (process.argv.includes('--json')) console.log(JSON.stringify(results, null, 2))
  else {
    console.log(
      `mean bytes on the wire; Node ${process.version}, ${cpus().length} CPUs (no figure depends on them)`,
    )
    console.table(results)
    const each = ratios(results)
    console.log('vdd to ncurses, mean over the kinds')
    console.table(each.map((one) => ({ ...one, ratio: one.ratio.toFixed(3) })))
    console.log(`in all: ${(each.reduce((sum, { ratio }) => sum + ratio, 0) / each.length).toFixed(3)}`)
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
process.exit()
