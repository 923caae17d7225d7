// How long a start takes, beside a Node that does nothing, in the same run: npm run bench:start [-- --json] [-- --rounds N]
import { spawnSync } from 'node:child_process'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { openTerminal } from '../scripts/pty.mjs'

const vdd = join(import.meta.dirname, '..', 'bin', 'vdd')
const env = { ...process.env, LANG: 'C', LC_ALL: 'C', VDD_NODE: process.execPath }

/** Milliseconds until it has ended. */
async function whole(file, args) {
  const began = performance.now()
  const { status, stderr } = spawnSync(file, args, {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    encoding: 'utf8',
  })
  const took = performance.now() - began
  if (status !== 0) throw new Error(`${file} ${args.join(' ')}: status ${status}\n${stderr}`)
  return took
}

/** Milliseconds until the first frame is on the screen. */
async function firstFrame(...args) {
  const terminal = openTerminal(vdd, ['demo', ...args], { env })
  const took = await terminal.until('vdd  DEMO')
  terminal.end()
  await terminal.ended
  return took
}

const subjects = [
  ['node -e 0', () => whole(process.execPath, ['-e', '0'])],
  ['vdd --version', () => whole(vdd, ['--version'])],
  ['vdd --demo host list', () => whole(vdd, ['--demo', 'host', 'list'])],
  ['vdd --demo machine list', () => whole(vdd, ['--demo', 'machine', 'list'])],
  ['first frame, 2 hosts x 10', () => firstFrame('--hosts', '2', '--machines', '20')],
  ['first frame, 50 hosts x 100', () => firstFrame('--hosts', '50', '--machines', '5000')],
]

function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]
}

const asked = process.argv.indexOf('--rounds')
const rounds = asked < 0 ? 15 : Number(process.argv[asked + 1])
const times = subjects.map(() => [])
// In turns: what else the machine does meets all alike.
for (let round = 0; round < rounds; round++)
  for (const [index, [, measure]] of subjects.entries()) times[index].push(await measure())
const peer = median(times[0])
const results = subjects.map(([start], index) => ({
  start,
  medianMs: Math.round(median(times[index])),
  leastMs: Math.round(Math.min(...times[index])),
  timesNode: Math.round((median(times[index]) / peer) * 10) / 10,
}))
if (process.argv.includes('--json')) console.log(JSON.stringify(results, null, 2))
else {
  console.log(`${cpus().length} CPUs, ${cpus()[0]?.model}; Node ${process.version}; medians of ${rounds}`)
  console.table(results)
}
process.exit()
