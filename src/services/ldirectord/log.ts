import type { LdirectordEvent } from './facts.ts'

const months = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ')

/** A line of the log, with the time of the host's own clock as if it were UTC: what the zone makes of it is the caller's. */
interface LogLine {
  readonly local: number
  readonly pid: number
  readonly text: string
}

/** `[Sun Nov 22 06:53:31 2026|ldirectord|365] TEXT`; `undefined`: no line of ldirectord. */
function parseLine(line: string): LogLine | undefined {
  const [, month = '', day, hour, minute, second, year, pid, text = ''] =
    /^\[\w{3} (\w{3}) +(\d{1,2}) (\d\d):(\d\d):(\d\d) (\d{4})\|[^|]*\|(\d{1,10})\] (.*)$/.exec(line) ?? []
  const at = months.indexOf(month)
  if (at < 0) return undefined
  const [y = 0, d = 0, h = 0, m = 0, s = 0] = [year, day, hour, minute, second].map(Number)
  return { local: Date.UTC(y, at, d, h, m, s), pid: Number(pid), text }
}

const kinds = {
  Added: 'added',
  Quiescent: 'quiescent',
  'Readd Quiescent': 'quiescent',
  Restored: 'restored',
  Deleted: 'deleted',
} as const

/**
 * What a line of the log tells: docs/internals/lvs.md, "Log". `offset`: the host's zone in milliseconds east of UTC. Lines that tell
 * of no change are `undefined`. A real server that is quiescent may have failed or be in maintenance: the log does not say which.
 */
export function parseEvent(line: string, offset: number): LdirectordEvent | undefined {
  const read = parseLine(line)
  if (!read) return undefined
  const at = read.local - offset
  const [, kind, real, virtual, weight] =
    /^(Added|Quiescent|Readd Quiescent|Restored|Deleted) real server: (\S+) \((\S+)\)(?: \(Weight set to (\d{1,10})\))?/.exec(
      read.text,
    ) ?? []
  if (kind && real && virtual)
    return {
      at,
      kind: kinds[kind as keyof typeof kinds],
      real,
      virtual,
      ...(weight === undefined ? {} : { weight: Number(weight) }),
    }
  if (/^Starting Linux Director/.test(read.text)) return { at, kind: 'started' }
  if (/terminated on signal/.test(read.text)) return { at, kind: 'stopped' }
  if (/^Reloading Linux Director Daemon config/.test(read.text)) return { at, kind: 'reloaded' }
  // With autoreload it says that it reads the new one instead.
  if (/^ ?- ignore new configuration/.test(read.text)) return { at, kind: 'changed' }
  return undefined
}
