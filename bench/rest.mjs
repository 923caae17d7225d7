// CPU and memory at rest, on the screen Machines or Front ends, with hosts that answer from processes of their own:
// npm run bench:rest [-- --json] [--seconds N] [--only NAME] [--every SECONDS] [--profile FILE] [--heap FILE] [--allocations FILE]
// --every: what the memory is so often, and how fast it rose in the last half; the others: where the CPU went, what is on the heap at its end, and
// who made what the collector takes (for Chrome's DevTools).
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { openTerminal } from '../scripts/pty.mjs'
import { cpuOfTree, nodeBelow, usageOf } from './process.mjs'
import { frontends } from './rest/frontends.mjs'
import { hypervisors } from './rest/hypervisors.mjs'
import { inspect } from './rest/inspect.mjs'

const root = join(import.meta.dirname, '..')
const fleets = [
  { hosts: 2, machines: 10, busy: 100 },
  { hosts: 1, machines: 100, busy: 1 },
  { hosts: 5, machines: 100, busy: 1 },
  { hosts: 50, machines: 100, busy: 0 },
  { hosts: 50, machines: 100, busy: 1 },
  { hosts: 50, machines: 100, busy: 100 },
  { frontends: 2 },
  { frontends: 20 },
  { frontends: 100 },
  { frontends: 200 },
]
const option = (name, otherwise) => {
  const at = process.argv.indexOf(`--${name}`)
  return at < 0 ? otherwise : process.argv[at + 1]
}
const seconds = Number(option('seconds', 20))
const every = Number(option('every', 0))
const [profileTo, heapTo, allocationsTo] = ['profile', 'heap', 'allocations'].map((name) => option(name, ''))
const nameOf = (fleet) =>
  fleet.frontends
    ? `${fleet.frontends} front ends`
    : `${fleet.hosts} x ${fleet.machines}, ${fleet.busy} % busy`

/** How much a value rises in a second: the median of the slopes between the points of both halves. */
function slopeOf(values) {
  const half = Math.floor(values.length / 2)
  const slopes = values
    .slice(0, half)
    .flatMap((value, i) => values.slice(half).map((later, k) => (later - value) / (half + k - i)))
  return slopes.toSorted((a, b) => a - b)[Math.floor(slopes.length / 2)]
}

const rounded = (value) => Math.round(value * 10) / 10
const mebi = 1024 * 1024

/** One moment of the series. */
async function pointOf(pid, inspector, passed) {
  const { heapUsed, external } = await inspector.memory()
  return {
    second: passed,
    rssMiB: rounded(usageOf(pid).rssMiB),
    heapMiB: rounded(heapUsed / mebi),
    externalMiB: rounded(external / mebi),
    cpuSeconds: usageOf(pid).cpuSeconds,
    load: rounded(loadavg()[0]),
  }
}

/** MiB in an hour, of the last half of the series. */
function risesOf(series) {
  const last = series.slice(series.length >> 1)
  const rise = (key) => rounded((slopeOf(last.map((point) => point[key])) / every) * 3600)
  return { rssMiBPerHour: rise('rssMiB'), heapMiBPerHour: rise('heapMiB') }
}

/** How often hosts were looked at: a busy machine looks less often, so what a look costs tells more than what a second does. */
const looksOf = (looks, cpuSeconds) => ({
  looksPerSecond: Math.round(looks / seconds),
  cpuMsPerLook: Math.round((cpuSeconds / looks) * 1e5) / 100,
})

/** `old 0.2/s 38 ms`: so often in a second, and milliseconds a second. */
function told(collections) {
  const perSecond = (value) => Math.round((value / seconds) * 100) / 100
  const lines = Object.entries(collections).map(
    ([kind, { times, ms }]) => `${kind} ${perSecond(times)}/s ${rounded(ms / seconds)} ms`,
  )
  return lines.join(', ')
}

async function measure(fleet) {
  const directory = mkdtempSync(join(tmpdir(), 'vdd-bench-'))
  const site = await (fleet.frontends ? frontends : hypervisors)(fleet, directory)
  const config = join(directory, 'vdd.yaml')
  writeFileSync(config, `cluster: bench\njournal: ${join(directory, 'journal.db')}\n${site.config}`, {
    mode: 0o600,
  })
  const terminal = openTerminal(join(root, 'bin', 'vdd'), ['--config', config], {
    env: {
      LANG: 'C',
      LC_ALL: 'C',
      PATH: `${directory}:${process.env.PATH}`,
      HOME: directory,
      ...site.env,
    },
  })
  try {
    await terminal.until('all fresh', 180_000)
    terminal.press(fleet.frontends ? '3' : '2')
    await terminal.until(/NAME.*STATE/)
    const pid = nodeBelow(terminal.pid)
    // Definitions are read a few at a time after the first look.
    await new Promise((resolve) => setTimeout(resolve, 20_000))
    const inspector = every || profileTo || heapTo || allocationsTo ? await inspect(pid) : undefined
    await inspector?.countCollections()
    if (profileTo) await inspector.startProfile()
    if (allocationsTo) await inspector.startAllocations()
    const before = { ...usageOf(pid), bytes: terminal.bytes(), looks: site.looks() }
    const sizes = []
    const series = every ? [await pointOf(pid, inspector, 0)] : []
    for (let passed = 1; passed <= seconds; passed++) {
      await new Promise((resolve) => setTimeout(resolve, 1000))
      sizes.push(usageOf(pid).rssMiB)
      if (every && passed % every === 0) series.push(await pointOf(pid, inspector, passed))
    }
    const after = usageOf(pid)
    const collections = await inspector?.collections()
    if (profileTo) await inspector.endProfile(profileTo)
    if (allocationsTo) await inspector.endAllocations(allocationsTo)
    if (heapTo) await inspector.snapshot(heapTo)
    inspector?.end()
    return {
      fleet: nameOf(fleet),
      cpuMsPerSecond: Math.round(((after.cpuSeconds - before.cpuSeconds) / seconds) * 1000),
      rssMiB: Math.round(Math.max(...sizes)),
      bytesPerSecond: Math.round((terminal.bytes() - before.bytes) / seconds),
      ...(before.looks ? looksOf(site.looks() - before.looks, after.cpuSeconds - before.cpuSeconds) : {}),
      ...(collections ? { collections: told(collections) } : {}),
      ...(series.length > 3 ? { ...risesOf(series), series } : {}),
    }
  } finally {
    terminal.end()
    await terminal.ended
    site.end()
    rmSync(directory, { recursive: true })
  }
}

/** What others take who draw once a second on the same machine: it may be slow to wake up, and then is so for all. */
const peers = [
  { name: 'top -d 1', command: 'top', args: ['-d', '1'], shows: 'PID' },
  { name: 'htop -d 10', command: 'htop', args: ['-d', '10'], shows: 'PID' },
  // The same virsh as of the hypervisors below, which is a Node that is started each second.
  {
    name: 'watch -n1 virsh list --all, 1 x 100',
    command: 'watch',
    args: ['-n1', "virsh -c 'qemu:///1?machines=100&busy=1' list --all"],
    shows: 'guest1-0',
  },
]

async function measurePeer({ name, command, args, shows }) {
  const directory = mkdtempSync(join(tmpdir(), 'vdd-bench-'))
  await hypervisors({ hosts: 1, machines: 100, busy: 1 }, directory)
  const env = { LANG: 'C', LC_ALL: 'C', PATH: `${directory}:${process.env.PATH}` }
  const terminal = openTerminal(command, args, { env })
  try {
    await terminal.until(shows, 10_000)
    await new Promise((resolve) => setTimeout(resolve, 5_000))
    const before = { cpu: cpuOfTree(terminal.pid), bytes: terminal.bytes() }
    await new Promise((resolve) => setTimeout(resolve, seconds * 1000))
    return {
      fleet: name,
      cpuMsPerSecond: Math.round((cpuOfTree(terminal.pid) - before.cpu) / seconds),
      rssMiB: Math.round(usageOf(terminal.pid).rssMiB),
      bytesPerSecond: Math.round((terminal.bytes() - before.bytes) / seconds),
    }
  } catch {
    // It is not installed.
    return { fleet: name }
  } finally {
    terminal.end()
    await terminal.ended
    rmSync(directory, { recursive: true })
  }
}

const results = []
if (!process.argv.includes('--only')) for (const peer of peers) results.push(await measurePeer(peer))
for (const fleet of fleets) if (nameOf(fleet).includes(option('only', ''))) results.push(await measure(fleet))
if (process.argv.includes('--json')) console.log(JSON.stringify(results, null, 2))
else {
  console.log(
    `${cpus().length} CPUs, ${cpus()[0]?.model}; Node ${process.version}; screen Machines or Front ends, TERM=vt100, 80x24; ${seconds} s at rest`,
  )
  console.table(results.map(({ series, ...result }) => result))
  for (const { series } of results) if (series) console.table(series)
}
process.exit()
