// From a key to the visible answer on a slow line, with the real program: npm run bench:line [-- --baud N] [--json]
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { openSlowTerminal } from './line/slow-terminal.mjs'
import { nodeBelow } from './process.mjs'

const root = new URL('..', import.meta.url).pathname
const { values: options } = parseArgs({
  options: { baud: { type: 'string', default: '9600' }, json: { type: 'boolean', default: false } },
})
const baud = Number(options.baud)
const keys = 30
const folder = mkdtempSync(join(tmpdir(), 'vdd-line-'))
const stallFile = join(folder, 'stall')

const quantile = (values, q) =>
  Math.round([...values].sort((a, b) => a - b)[Math.ceil(values.length * q) - 1])

/** The row on which the mark of the selection stands. */
const marked = (lines) => lines.findIndex((line, row) => row > 1 && line.startsWith('>'))

const terminal = openSlowTerminal('/bin/sh', ['-c', `stty ${baud}; exec ${join(root, 'bin', 'vdd')} demo`], {
  columns: 80,
  rows: 24,
  term: 'vt100',
  bytesPerSecond: baud / 10,
  env: {
    LANG: 'C',
    LC_ALL: 'C',
    HOME: folder,
    NODE_OPTIONS: `--import ${join(root, 'bench/line/stall.mjs')}`,
    VDD_BENCH_STALL: stallFile,
  },
})

/** Presses a key that moves the selection, and waits until the mark stands on the next row. */
async function move(step) {
  const from = marked(terminal.lines())
  terminal.press(step > 0 ? 'j' : 'k')
  return await terminal.until((lines) => marked(lines) === from + step && !lines[from].startsWith('>'))
}

try {
  await terminal.until((lines) => lines[0].includes('all fresh'))
  terminal.press('2')
  await terminal.until((lines) => marked(lines) === 2 && lines.at(-1).includes('Quit'))
  for (let i = 0; i < 4; i++) await move(1)
  await sleep(3000)
  const node = nodeBelow(terminal.pid)
  process.kill(node, 'SIGUSR2')
  const began = terminal.received()
  const since = performance.now()
  const rest = []
  for (let i = 0; i < keys; i++) {
    await sleep(700 + ((i * 137) % 600))
    rest.push(await move(i % 2 ? -1 : 1))
  }
  const bytesPerSecond = (terminal.received() - began) / ((performance.now() - since) / 1000)
  const repaint = []
  for (let i = 0; i < keys; i++) {
    terminal.press('\f')
    await sleep(150 + ((i * 137) % 900))
    const key = performance.now()
    const from = 6 + (i % 2)
    terminal.press(i % 2 ? 'k' : 'j')
    const to = from + (i % 2 ? -1 : 1)
    await terminal.until((lines) => lines[to].startsWith('>') && !lines[from].startsWith('>'))
    repaint.push(performance.now() - key)
    await terminal.until((lines) => lines.at(-1).includes('Quit'))
    await sleep(1500)
  }
  process.kill(node, 'SIGUSR2')
  await sleep(500)
  const result = {
    baud,
    keys,
    atRest: { p50: quantile(rest, 0.5), p95: quantile(rest, 0.95) },
    duringRepaint: { p50: quantile(repaint, 0.5), p95: quantile(repaint, 0.95) },
    longestStall: Math.round(Number(readFileSync(stallFile, 'utf8')) * 10) / 10,
    bytesPerSecond: Math.round(bytesPerSecond),
  }
  if (options.json) console.log(JSON.stringify(result, null, 2))
  else {
    console.log(
      `milliseconds from a key to the answer on the screen; demo fleet, vt100, 80x24, ${baud} baud; ${cpus().length} CPUs, ${cpus()[0]?.model}, Node ${process.version}`,
    )
    console.table([
      { when: 'at rest', ...result.atRest },
      { when: 'during a full repaint', ...result.duringRepaint },
    ])
    console.log(
      `the event loop stood still for ${result.longestStall} ms at most; ${result.bytesPerSecond} bytes a second at rest`,
    )
  }
} finally {
  terminal.end()
  rmSync(folder, { recursive: true, force: true })
}
process.exit()
