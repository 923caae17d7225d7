// How soon a machine that crashes is on the screen, from the moment at which its hypervisor knows: npm run bench:crash [-- --rounds N]
// The hypervisors are those of bench/rest: what libvirt takes until it knows is not in it.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { openTerminal } from '../scripts/pty.mjs'
import { hypervisors } from './rest/hypervisors.mjs'

const root = join(import.meta.dirname, '..')
const asked = process.argv.indexOf('--rounds')
const rounds = asked < 0 ? 40 : Number(process.argv[asked + 1])
const fleets = [
  { hosts: 2, machines: 10, busy: 100 },
  { hosts: 50, machines: 100, busy: 1 },
]

async function measure(fleet) {
  const directory = mkdtempSync(join(tmpdir(), 'vdd-bench-'))
  const { config } = await hypervisors(fleet, directory)
  const settings = join(directory, 'vdd.yaml')
  writeFileSync(settings, `cluster: bench\njournal: ${join(directory, 'journal.db')}\n${config}`, {
    mode: 0o600,
  })
  // Alone in its directory, which is watched.
  mkdirSync(join(directory, 'crash'))
  const crash = join(directory, 'crash', 'now')
  const terminal = openTerminal(join(root, 'bin', 'vdd'), ['--config', settings], {
    env: {
      LANG: 'C',
      LC_ALL: 'C',
      PATH: `${directory}:${process.env.PATH}`,
      HOME: directory,
      VDD_BENCH_CRASH: crash,
    },
  })
  const times = []
  try {
    await terminal.until('all fresh', 180_000)
    terminal.press('2')
    await terminal.until(/guest1-0 +running/)
    await new Promise((resolve) => setTimeout(resolve, 20_000))
    for (let round = 0; round < rounds; round++) {
      // At another moment of its second each time.
      await new Promise((resolve) => setTimeout(resolve, 1_500 + ((round * 370) % 1000)))
      writeFileSync(crash, '')
      times.push(await terminal.until(/guest1-0 +crashed/))
      rmSync(crash)
      await terminal.until(/guest1-0 +running/)
    }
  } finally {
    terminal.end()
    await terminal.ended
    rmSync(directory, { recursive: true })
  }
  times.sort((a, b) => a - b)
  const quantile = (q) => Math.round(times[Math.ceil(q * times.length) - 1])
  return {
    fleet: `${fleet.hosts} x ${fleet.machines}`,
    p50Ms: quantile(0.5),
    p95Ms: quantile(0.95),
    mostMs: quantile(1),
  }
}

const results = []
for (const fleet of fleets) results.push(await measure(fleet))
console.log(
  `${cpus().length} CPUs, ${cpus()[0]?.model}; Node ${process.version}; load ${loadavg()[0].toFixed(1)}; TERM=vt100, 80x24; ${rounds} rounds`,
)
console.table(results)
process.exit()
