// What a process uses, by /proc.
import { readdirSync, readFileSync } from 'node:fs'

const ticksPerSecond = 100

/** The Node process below the launcher. */
export function nodeBelow(launcher) {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  const parent = (pid) => {
    try {
      return Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ')[1])
    } catch {
      return 0
    }
  }
  return Number(pids.find((pid) => parent(pid) === launcher))
}

/** CPU seconds since its start, and resident memory. */
export function usageOf(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ')
  const kib = (key) =>
    Number(new RegExp(`^${key}:\\s+(\\d+)`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1])
  return {
    cpuSeconds: (Number(fields[11]) + Number(fields[12])) / ticksPerSecond,
    rssMiB: kib('VmRSS') / 1024,
  }
}
