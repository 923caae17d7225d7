import { ticksOf } from '../balancer/balancing.ts'
import type { processes as processesOf } from '../frontend/processes.ts'
import type { World } from '../world.ts'

/** `/proc/net/dev`: the traffic follows the load. */
function traffic(busy: number): string {
  const [received, sent] = [Math.round(busy * 900), Math.round(busy * 2_600)]
  return `  eth0: ${received} 0 0 0 0 0 0 0 ${sent} 0 0 0 0 0 0 0\n`
}

/** CPUs of the demo are counted by so many parts of a tick: a verb looks twice within a few ticks, and shares are what counts. */
const finer = 100

/** How a host is that is as busy as its connections make it, and its processes: the lines of its script, then the files as tail(1) shows them. */
export function vitals(world: World, host: string, processes: ReturnType<typeof processesOf>): string {
  const { balancing } = world
  const ticks = Math.floor(ticksOf(world.now()) * finer)
  const busy = Math.floor(balancing.busyTicks(host) * finer)
  const load = (balancing.share(host) * 4).toFixed(2)
  const files = {
    stat: `cpu  ${busy} 0 0 ${ticks - busy} 0 0 0 0 0 0\ncpu0 0\ncpu1 0\ncpu2 0\ncpu3 0\n`,
    meminfo: 'MemTotal: 8388608 kB\nMemAvailable: 6291456 kB\n',
    loadavg: `${load} ${load} ${load} 1/123 4567\n`,
    'net/dev': traffic(balancing.busyTicks(host)),
  }
  const own = Object.entries(files).map(([name, text]) => `==> /proc/${name} <==\n${text}\n`)
  return `${processes.stats}nics eth0\n${own.join('')}${processes.files}`
}
