// What a process uses, by /proc.
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

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
  const isNode = (pid) => readlinkSync(`/proc/${pid}/exe`).endsWith('/node')
  return Number(pids.find((pid) => parent(pid) === launcher && isNode(pid)))
}

/** Milliseconds of CPU that a process and all below it have taken, those among them that have ended too. */
export function cpuOfTree(pid) {
  const own = readdirSync(`/proc/${pid}/task`).map(
    (task) => Number(readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'utf8').split(' ')[0]) / 1e6,
  )
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ')
  const ended = ((Number(fields[13]) + Number(fields[14])) / ticksPerSecond) * 1000
  const below = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean)
  return [...own, ended, ...below.map(cpuOfTree)].reduce((a, b) => a + b, 0)
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
