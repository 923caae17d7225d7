import { label } from '../../hosts/label.ts'
import { count, decimal } from '../../hosts/numbers.ts'
import type { Bond, HostReading, ProcessFacts } from './facts.ts'

/** `/proc/stat`, `/proc/meminfo` and `/proc/loadavg`, one behind the other; `undefined`: that is no Linux. */
export function parseVitals(
  text: string,
): Omit<HostReading, 'host' | 'at' | 'processes' | 'bonds' | 'network'> | undefined {
  const ticks = /^cpu +(.*)$/m
    .exec(text)?.[1]
    ?.split(' ')
    .map((word) => count(word) ?? 0)
  const load = /^(\d+\.\d+) \d+\.\d+ \d+\.\d+ \d+\/\d+ /m.exec(text)?.[1]
  if (!ticks || load === undefined) return undefined
  // user nice system idle iowait irq softirq steal; guest is in user already
  const counted = ticks.slice(0, 8)
  const total = counted.reduce((sum, n) => sum + n, 0)
  const idle = (counted[3] ?? 0) + (counted[4] ?? 0)
  return {
    cpus: text.match(/^cpu\d+ /gm)?.length ?? 1,
    cpu: { busy: total - idle, total },
    load: decimal(load) ?? 0,
    ...memoryOf(text),
  }
}

/** `/proc/meminfo`. Linux before 3.14 and WSL 1 do not tell what is available: about what is free or can be given back (proc(5)). */
function memoryOf(text: string): Pick<HostReading, 'memoryKiB' | 'memoryAvailableKiB'> {
  const of = (name: string) => count(new RegExp(`^${name}: +(\\d+) kB`, 'm').exec(text)?.[1])
  const [all, free] = [of('MemTotal'), of('MemFree')]
  if (!all) return {}
  const available =
    of('MemAvailable') ?? (free === undefined ? undefined : free + (of('Buffers') ?? 0) + (of('Cached') ?? 0))
  return {
    memoryKiB: all,
    ...(available === undefined ? {} : { memoryAvailableKiB: Math.min(all, available) }),
  }
}

/**
 * `/proc/net/dev`, and the line `nics eth0 …` of the interfaces that have a device: bridges, bonds and guests' interfaces would count the
 * same bytes again. A host without any (a container) has all but `lo`. `undefined`: it is not told.
 */
export function parseNetwork(text: string): HostReading['network'] {
  const wanted = new Set((/^nics(.*)$/m.exec(text)?.[1] ?? '').trim().split(' '))
  // Behind the name: eight numbers of what was received, the bytes first, and eight of what was sent.
  const all = [...text.matchAll(/^ *(\S+): *(\d+)(?: +\d+){7} +(\d+)(?: +\d+){7}$/gm)]
  const own = all.filter(([, name = '']) => wanted.has(name))
  const counted = own.length ? own : all.filter(([, name]) => name !== 'lo')
  if (!all.length) return undefined
  return {
    received: counted.reduce((sum, [, , received]) => sum + (count(received) ?? 0), 0),
    sent: counted.reduce((sum, [, , , sent]) => sum + (count(sent) ?? 0), 0),
  }
}

/** What the script of the client says: lines of stat(1), then files under lines `==> /proc/PID/FILE <==`, as tail(1) shows several. */
export function parseProcesses(text: string): ProcessFacts[] {
  const [stats = '', ...parts] = text.split(/^==> (?=\/proc\/)/m)
  const files = new Map(
    parts.map((part) => {
      const end = part.indexOf(' <==\n')
      return [part.slice(0, end), part.slice(end + 5)]
    }),
  )
  const open = openIn(stats)
  return [...stats.matchAll(/^stat \d+ (\S+) \/proc\/(\d{1,10})$/gm)].flatMap(
    ([, owner = '', pid = '']): ProcessFacts[] => {
      const file = (name: string) => files.get(`/proc/${pid}/${name}`) ?? ''
      const name = file('comm').split('\n')[0]
      if (!name) return [] // it has just ended
      const limits = /^Max open files +(\d+|unlimited) +(\d+|unlimited)/m.exec(file('limits'))
      const number = (field: string) => {
        const found = new RegExp(`^${field}:\\s+(\\d+)`, 'm').exec(file('status'))?.[1]
        return count(found)
      }
      const facts = {
        pid: Number(pid),
        name: label(name),
        owner: label(owner),
        open: open.get(pid),
        softLimit: limits ? limit(limits[1]) : undefined,
        hardLimit: limits ? limit(limits[2]) : undefined,
        threads: number('Threads'),
        memoryKiB: number('VmRSS'),
        cpuTicks: ticksOf(file('stat')),
      }
      return [
        Object.fromEntries(
          Object.entries(facts).filter(([, value]) => value !== undefined),
        ) as unknown as ProcessFacts,
      ]
    },
  )
}

/** Open descriptors by pid. A kernel that does not count them there says 0; the process that is shown has at least one. */
function openIn(stats: string): ReadonlyMap<string, number> {
  const open = new Map<string, number>()
  for (const [, said, counted, pid = ''] of stats.matchAll(
    /^(?:stat (\d+) \S+|counted (\d+)) \/proc\/(\d+)\/fd$/gm,
  )) {
    const found = count(said ?? counted) ?? 0
    if (found > 0) open.set(pid, found)
  }
  return open
}

/** Behind the name, which may hold anything: state is field 3, utime and stime are 14 and 15 (proc(5)). */
function ticksOf(stat: string): number | undefined {
  const fields = stat.slice(stat.lastIndexOf(') ') + 2).split(' ')
  const [user, system] = [count(fields[11]), count(fields[12])]
  return user === undefined || system === undefined ? undefined : user + system
}

/** The files of /proc/net/bonding, each under its name; the state of the bond stands before those of its interfaces. */
export function parseBonds(text: string): Bond[] {
  const files = text.matchAll(/^==> \/proc\/net\/bonding\/(.+) <==\n((?:(?!^==> ).*\n?)*)/gm)
  return [...files].map(([, name = '', content = '']): Bond => {
    const [own = '', ...slaves] = content.split(/^Slave Interface: /m)
    const isDown = (part: string) => /^MII Status: (?!up)/m.test(part)
    const carries = carriesIn(own, slaves)
    const active = /^Currently Active Slave: (?!None)(.+)$/m.exec(own)?.[1]
    return {
      name: label(name),
      isUp: !isDown(own) && !/ has no active aggregator$/m.test(own),
      ...(active === undefined ? {} : { active: label(active) }),
      down: slaves.flatMap((part) =>
        isDown(part) || !carries(part) ? [label(part.split('\n')[0] ?? '')] : [],
      ),
    }
  })
}

/**
 * With 802.3ad only the links of the active aggregator carry anything. Which one that is the kernel tells to CAP_NET_ADMIN alone
 * (bond_procfs.c); without it, and with links in several, those whose partner does not agree ("churned") carry nothing.
 */
function carriesIn(own: string, slaves: readonly string[]): (slave: string) => boolean {
  const aggregator = (slave: string) => /^Aggregator ID: (\S+)$/m.exec(slave)?.[1]
  const active = /^\tAggregator ID: (\d+)$/m.exec(own)?.[1]
  if (active !== undefined) return (slave) => aggregator(slave) === active
  const isSplit = new Set(slaves.map(aggregator)).size > 1
  return (slave) => !isSplit || (aggregator(slave) !== 'N/A' && !/^\w+ Churn State: churned$/m.test(slave))
}

function limit(text: string | undefined): number | undefined {
  return text === 'unlimited' ? Number.POSITIVE_INFINITY : count(text)
}
