// How many events the journal takes: lines of ldirectord's log are read, made events of, and written to a file, while something looks at
// them as a screen does:
//   npm run bench:events [-- SECONDS]
// First 10 000 a second, as they would come from many hosts at once, and how busy that keeps the process and how long a key would have to
// wait; then as many as it can.
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as pause } from 'node:timers/promises'
import { Balancers } from '../src/fleet/balancer/balancers.ts'
import { Journal } from '../src/fleet/journal/journal.ts'
import { parseEvent } from '../src/services/ldirectord/log.ts'

const seconds = Number(process.argv[2] ?? 10)
const [rate, chunk] = [10_000, 100]
const directory = mkdtempSync(join(tmpdir(), 'vdd-bench-'))
const file = join(directory, 'journal.db')
const journal = new Journal(file)
const balancers = new Balancers(['lb1'])
let looked = 0
// As the screen Events does: what is new is read again before the next frame, ten times a second at most.
let isNews = false
journal.subscribe(() => {
  isNews = true
})
const screen = setInterval(() => {
  if (isNews) looked += journal.latest(1_000).length
  isNews = false
}, 100)

let told = 0
/** Lines as one read of the log gives them. */
function lines() {
  return Array.from({ length: chunk }, () => {
    const n = told++
    const what = n % 2 ? 'Restored' : 'Quiescent'
    const second = String(n % 60).padStart(2, '0')
    return `[Mon Nov 30 13:51:${second} 2026|ldirectord|365] ${what} real server: 10.9.0.${1 + (n % 100)}:389 (10.9.0.100:389) (Weight set to ${n % 2})`
  })
}

function take() {
  const raws = lines()
  const events = raws.flatMap((raw) => {
    const event = parseEvent(raw, 0)
    return event ? balancers.did('lb1', event).map((one) => ({ ...one, at: event.at, raw })) : []
  })
  journal.saw(events, Date.now())
}

const delay = monitorEventLoopDelay({ resolution: 1 })
const ms = (ns) => `${(ns / 1e6).toFixed(1)} ms`

async function measured(name, work) {
  delay.reset()
  delay.enable()
  const [cpu, began, before] = [process.cpuUsage(), performance.now(), told]
  await work()
  const took = performance.now() - began
  const { user, system } = process.cpuUsage(cpu)
  delay.disable()
  const busy = ((user + system) / 1_000 / took) * 100
  const perSecond = Math.round(((told - before) / took) * 1_000)
  console.log(
    `${name.padEnd(26)} ${String(perSecond).padStart(7)} a second   CPU ${busy.toFixed(0).padStart(3)} %   loop delayed p50 ${ms(delay.percentile(50))}, p99 ${ms(delay.percentile(99))}, most ${ms(delay.max)}`,
  )
}

try {
  await measured(`${rate} a second`, async () => {
    const began = performance.now()
    for (let n = 0; n < seconds * rate; n += chunk) {
      take()
      await pause(Math.max(0, began + ((n + chunk) / rate) * 1_000 - performance.now()))
    }
  })
  await measured('as many as it can', async () => {
    for (const end = performance.now() + seconds * 1_000; performance.now() < end; ) {
      take()
      await new Promise(setImmediate)
    }
  })
  if (journal.trouble) throw new Error(journal.trouble)
  const size = statSync(file).size + statSync(`${file}-wal`).size
  const began = performance.now()
  const found = journal.verify()
  if (found.fault || found.entries !== told) throw new Error(`${JSON.stringify(found)}, told ${told}`)
  console.log(
    `verified ${found.entries} entries in ${((performance.now() - began) / 1000).toFixed(1)} s; ${(size / 2 ** 20).toFixed(0)} MiB; the screen read ${looked}`,
  )
} finally {
  clearInterval(screen)
  journal.close()
  rmSync(directory, { recursive: true, force: true })
}
