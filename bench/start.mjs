// How long a start takes, beside a Node that does nothing, in the same run: npm run bench:start [-- --json] [-- --rounds N]
// With htop installed also until that shows its first frame, and in the network of the lab verbs over ssh beside ssh itself:
//   lab/lab up virt && lab/lab console npm run bench:start
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { openTerminal } from '../scripts/pty.mjs'
import { cpuOfTree, nodeBelow, usageOf } from './process.mjs'

const root = join(import.meta.dirname, '..')
const vdd = join(root, 'bin', 'vdd')
const env = { ...process.env, LANG: 'C', LC_ALL: 'C', VDD_NODE: process.execPath }

/** Until it has ended: milliseconds, and those of CPU as bash has counted them. */
function whole(file, args) {
  const began = performance.now()
  const { status, stderr } = spawnSync(
    '/bin/bash',
    ['-c', 'TIMEFORMAT=\'%U %S\'; time "$0" "$@"', file, ...args],
    { env, stdio: ['ignore', 'ignore', 'pipe'], encoding: 'utf8' },
  )
  const ms = performance.now() - began
  if (status !== 0) throw new Error(`${file} ${args.join(' ')}: status ${status}\n${stderr}`)
  const [user, system] = stderr.trim().split('\n').at(-1).split(' ').map(Number)
  return { ms, cpuMs: (user + system) * 1000 }
}

/** Until the first frame is on the screen: milliseconds, those of CPU, and MiB that are resident then. */
async function firstFrame(text, file, args) {
  const terminal = openTerminal(file, args, { env, term: 'xterm-256color' })
  const ms = await terminal.until(text)
  const cpuMs = cpuOfTree(terminal.pid)
  const { rssMiB } = usageOf(nodeBelow(terminal.pid) ?? terminal.pid)
  terminal.end()
  await terminal.ended
  return { ms, cpuMs, rssMiB }
}

const demo = (hosts, machines) =>
  firstFrame('vdd  DEMO', vdd, ['demo', '--hosts', `${hosts}`, '--machines', `${hosts * machines}`])

const folder = mkdtempSync(join(tmpdir(), 'vdd-bench-'))

/** What is asked by ssh, with a master that waits for the next; nothing where the hosts of the lab are not to be reached. */
function overSsh() {
  const { status, stdout } = spawnSync(join(root, 'lab', 'lab'), ['config'], { encoding: 'utf8' })
  const lab = dirname(stdout.trim())
  if (status !== 0 || !existsSync(join(lab, 'virt', 'ssh', 'config'))) return []
  const [sshConfig, config] = [join(folder, 'ssh_config'), join(folder, 'vdd.yaml')]
  // Past the way that leads into the lab's network.
  const hosts = readFileSync(join(lab, 'virt', 'ssh', 'config'), 'utf8').replace(/^ *ProxyCommand .*$/gm, '')
  writeFileSync(sshConfig, hosts)
  const settings = readFileSync(stdout.trim(), 'utf8').replace(/configFile: .*/, `configFile: ${sshConfig}`)
  writeFileSync(config, `journal: ${join(folder, 'journal.db')}\n${settings}`)
  const ssh = (...args) => ['-F', sshConfig, '-o', 'ConnectTimeout=2', '-S', join(folder, 'master'), ...args]
  if (spawnSync('ssh', ssh('-M', '-f', '-N', 'a'), { stdio: 'ignore' }).status !== 0) return []
  const list = ['a', 'virsh', 'list']
  return [
    ['ssh HOST virsh list, warm master', () => whole('ssh', ssh(...list))],
    ['ssh HOST virsh list, no master', () => whole('ssh', ['-F', sshConfig, ...list])],
    ['vdd machine list, 2 hosts by ssh', () => whole(vdd, ['--config', config, 'machine', 'list'])],
    ['vdd pool list, 2 hosts by ssh', () => whole(vdd, ['--config', config, 'pool', 'list'])],
  ]
}

const hasHtop = spawnSync('htop', ['--version']).status === 0
const subjects = [
  ['node -e 0', () => whole(process.execPath, ['-e', '0'])],
  ['vdd --version', () => whole(vdd, ['--version'])],
  ['vdd --demo host list', () => whole(vdd, ['--demo', 'host', 'list'])],
  ['vdd --demo machine list', () => whole(vdd, ['--demo', 'machine', 'list'])],
  ['vdd --demo pool list', () => whole(vdd, ['--demo', 'pool', 'list'])],
  ['first frame, 2 hosts x 10', () => demo(2, 10)],
  ['first frame, 50 hosts x 100', () => demo(50, 100)],
  ...(hasHtop ? [['first frame of htop', () => firstFrame('PID', 'htop', [])]] : []),
  ...overSsh(),
]

function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]
}

const asked = process.argv.indexOf('--rounds')
const rounds = asked < 0 ? 15 : Number(process.argv[asked + 1])
const measured = subjects.map(() => [])
try {
  // In turns: what else the machine does meets all alike.
  for (let round = 0; round < rounds; round++)
    for (const [index, [, measure]] of subjects.entries()) measured[index].push(await measure())
} finally {
  spawnSync('ssh', ['-S', join(folder, 'master'), '-O', 'exit', 'a'], { stdio: 'ignore' })
  rmSync(folder, { recursive: true, force: true })
}
const of = (index, what) => measured[index].map((one) => one[what])
const peer = { ms: median(of(0, 'ms')), cpuMs: median(of(0, 'cpuMs')) }
const tenths = (value) => Math.round(value * 10) / 10
const results = subjects.map(([start], index) => ({
  start,
  medianMs: Math.round(median(of(index, 'ms'))),
  leastMs: Math.round(Math.min(...of(index, 'ms'))),
  timesNode: tenths(median(of(index, 'ms')) / peer.ms),
  cpuMs: Math.round(median(of(index, 'cpuMs'))),
  cpuTimesNode: tenths(median(of(index, 'cpuMs')) / peer.cpuMs),
  rssMiB: measured[index][0].rssMiB === undefined ? '' : Math.round(median(of(index, 'rssMiB'))),
}))
if (process.argv.includes('--json')) console.log(JSON.stringify(results, null, 2))
else {
  console.log(`${cpus().length} CPUs, ${cpus()[0]?.model}; Node ${process.version}; medians of ${rounds}`)
  console.table(results)
}
process.exit()
