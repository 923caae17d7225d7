// What a process uses, by /proc.
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

const ticksPerSecond = 100

const childrenOf = (pid) =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number)

/** The Node process below a launcher, and whatever is between them; `undefined`: there is none. */
export function nodeBelow(pid) {
  for (const child of childrenOf(pid)) {
    const found = readlinkSync(`/proc/${child}/exe`).endsWith('/node') ? child : nodeBelow(child)
    if (found !== undefined) return found
  }
  return undefined
}

/** Milliseconds of CPU that a process and all below it have taken, those among them that have ended too. */
export function cpuOfTree(pid) {
  const own = readdirSync(`/proc/${pid}/task`).map(
    (task) => Number(readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'utf8').split(' ')[0]) / 1e6,
  )
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ')
  const ended = ((Number(fields[13]) + Number(fields[14])) / ticksPerSecond) * 1000
  return [...own, ended, ...childrenOf(pid).map(cpuOfTree)].reduce((a, b) => a + b, 0)
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
