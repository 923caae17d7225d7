import { label } from '../../hosts/label.ts'
import type { HostReading, ProcessFacts } from './facts.ts'

/** `/proc/stat`, `/proc/meminfo` and `/proc/loadavg`, one behind the other; `undefined`: that is no Linux. */
export function parseVitals(text: string): Omit<HostReading, 'host' | 'at' | 'processes'> | undefined {
  const ticks = /^cpu +(.*)$/m.exec(text)?.[1]?.split(' ').map(Number)
  const memory = (name: string) => Number(new RegExp(`^${name}: +(\\d+) kB`, 'm').exec(text)?.[1])
  const load = /^(\d+\.\d+) \d+\.\d+ \d+\.\d+ \d+\/\d+ /m.exec(text)?.[1]
  if (!ticks || load === undefined) return undefined
  // user nice system idle iowait irq softirq steal; guest is in user already
  const counted = ticks.slice(0, 8)
  const total = counted.reduce((sum, n) => sum + n, 0)
  const idle = (counted[3] ?? 0) + (counted[4] ?? 0)
  const all = memory('MemTotal')
  const available = memory('MemAvailable')
  return {
    cpus: text.match(/^cpu\d+ /gm)?.length ?? 1,
    cpu: { busy: total - idle, total },
    load: Number(load),
    memoryKiB: all,
    memoryAvailableKiB: Number.isNaN(available) ? memory('MemFree') : available,
  }
}

/** What the script of the client says of each process: a line `process PID OWNER OPEN NAME`, then its limits, status and stat. */
export function parseProcesses(text: string): ProcessFacts[] {
  return text
    .split(/^process /m)
    .slice(1)
    .flatMap((part) => {
      const [, pid, owner = '', open, name = ''] = /^(\d+) (\S+) (\d+) (.*)$/m.exec(part) ?? []
      if (!pid) return []
      const limits = /^Max open files +(\d+|unlimited) +(\d+|unlimited)/m.exec(part)
      const number = (field: string) => {
        const found = new RegExp(`^${field}:\\s+(\\d+)`, 'm').exec(part)?.[1]
        return found === undefined ? undefined : Number(found)
      }
      // After the name, which may hold anything: state is field 3, utime and stime are 14 and 15 (proc(5)).
      const stat = /^stat \d+ .*\) (\S.*)$/m.exec(part)?.[1]?.split(' ')
      const ticks = stat && Number(stat[11]) + Number(stat[12])
      const facts = {
        pid: Number(pid),
        name: label(name),
        owner: label(owner),
        // A kernel that does not count them there says 0; the process that is shown has at least one.
        open: Number(open) || undefined,
        softLimit: limits ? limit(limits[1]) : undefined,
        hardLimit: limits ? limit(limits[2]) : undefined,
        threads: number('Threads'),
        memoryKiB: number('VmRSS'),
        cpuTicks: ticks !== undefined && Number.isFinite(ticks) ? ticks : undefined,
      }
      return [
        Object.fromEntries(
          Object.entries(facts).filter(([, value]) => value !== undefined),
        ) as unknown as ProcessFacts,
      ]
    })
}

function limit(text: string | undefined): number {
  return text === 'unlimited' ? Number.POSITIVE_INFINITY : Number(text)
}
