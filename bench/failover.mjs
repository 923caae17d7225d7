// How soon a failover is on the screen, at each power cut of the one of a pair that holds its address:
//   lab/lab up ha && npm run bench:failover [-- --pair ha|hb|kl] [-- --rounds N]
// The screen is that of the incidents: a row comes with the first sign, and has a time in ACTED when the other one has the address.
import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { openTerminal } from '../scripts/pty.mjs'

const { values } = parseArgs({
  options: { pair: { type: 'string', default: 'ha' }, rounds: { type: 'string', default: '10' } },
})
const address = { ha: '10.79.0.100', hb: '10.79.0.110', kl: '10.79.0.120' }[values.pair]
if (!address) throw new Error('--pair ha, hb or kl')
const pair = [`${values.pair}1`, `${values.pair}2`]
const [root, rounds] = [join(import.meta.dirname, '..'), Number(values.rounds)]
const lab = (...args) => execFileSync(join(root, 'lab', 'lab'), args, { encoding: 'utf8' }).trim()
const has = (host) => lab('shell', host, 'ip', '-o', 'addr').includes(` ${address}/`)

async function until(what, probe) {
  for (const end = Date.now() + 120_000; Date.now() < end; await pause(200)) if (probe()) return
  throw new Error(`waited two minutes for ${what}\n${terminal.lines().join('\n')}`)
}

const home = mkdtempSync(join(tmpdir(), 'vdd-bench-'))
const config = join(home, 'vdd.yaml')
// The other pairs of the lab take no part.
const [head, ...hosts] = readFileSync(lab('config'), 'utf8').split(/^(?= {2}- name: )/m)
const own = hosts.filter((text) => pair.some((name) => text.includes(`name: ${name}\n`)))
writeFileSync(config, `journal: ${join(home, 'journal.db')}\n${head}${own.join('')}`, { mode: 0o600 })
const incidents = () =>
  JSON.parse(
    execFileSync(join(root, 'bin', 'vdd'), ['--config', config, 'incident', 'list', '--json'], {
      encoding: 'utf8',
    }),
  )

const terminal = openTerminal(join(root, 'bin', 'vdd'), ['--config', config, '--read-only'], {
  env: { LANG: 'C', LC_ALL: 'C', HOME: home },
})
/** Row of what is open, and of what is open and has been acted on: ACTED is a time, and no `-`. */
const [open, acted] = [/#\d+ +open /, /#\d+ +open .* (s|min) +[\d.]+ s \S/]
/** Milliseconds within which what fails again is the same incident, which has its time in ACTED already (src/fleet/incident/rules.ts). */
const apart = 120_000
const rows = []
try {
  await terminal.until('all fresh', 60_000)
  terminal.press(':incidents\r')
  await terminal.until('INCIDENT')
  // The logs are read, and what they tell of the start of the lab is over.
  await pause(8_000)
  for (let round = 0; round < rounds; round++) {
    await until('one that holds the address', () => pair.filter(has).length === 1)
    const [holder, other] = has(pair[0]) ? pair : pair.toReversed()
    await until('calm', () => !open.test(terminal.lines().join('\n')))
    // At another moment of its second each time.
    await pause(2_000 + ((round * 370) % 1_000))
    const script = `until ip -o addr | grep -qF ' ${address}/'; do sleep 0.01; done; date +%s%3N`
    const watcher = spawn(join(root, 'lab', 'lab'), ['shell', other, 'sh', '-c', script])
    const there = new Promise((resolve) => watcher.stdout.once('data', (data) => resolve(Number(data))))
    await pause(1_000)
    const pid = Number.parseInt(lab('pid', holder, 'init'), 10)
    const cut = Date.now()
    process.kill(pid, 'SIGKILL')
    await terminal.until(open, 60_000)
    const seen = Date.now() - cut
    await terminal.until(acted, 60_000)
    const actedSeen = Date.now()
    const took = (await there) - cut
    await pause(5_000)
    const told = incidents().find(({ state }) => state === 'open')
    rows.push({ seen, took, shown: actedSeen - cut - took, told })
    console.log(
      `${round + 1}: ${holder} cut; on the screen after ${seen} ms; the address on ${other} after ${took} ms, on the screen ${rows.at(-1).shown} ms later`,
    )
    lab('power', holder, 'off')
    lab('power', holder, 'on')
    await until('the end', () => !open.test(terminal.lines().join('\n')))
    if (round + 1 < rounds) await pause(apart + 5_000)
  }
} finally {
  terminal.end()
  await terminal.ended
  rmSync(home, { recursive: true })
}
const quantile = (key, q) => rows.map((row) => row[key]).sort((a, b) => a - b)[Math.ceil(q * rows.length) - 1]
const line = (what, key) => ({
  what,
  p50Ms: quantile(key, 0.5),
  p95Ms: quantile(key, 0.95),
  mostMs: quantile(key, 1),
})
console.log(
  `${cpus().length} CPUs, ${cpus()[0]?.model}; Node ${process.version}; load ${loadavg()[0].toFixed(1)}; ${pair.join(' and ')}, ${rounds} power cuts; TERM=vt100, 80x24`,
)
console.table([
  line('power cut to the first sign on the screen', 'seen'),
  line('power cut to the address on the other one', 'took'),
  line('address there to the take-over on the screen', 'shown'),
])
process.exit()
