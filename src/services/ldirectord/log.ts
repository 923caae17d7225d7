import { type Stamp, stampOf } from '../log-line.ts'
import type { LdirectordEvent } from './facts.ts'

/** A line of the log, with the time by the host's own clock: what the zone makes of it is the caller's. */
interface LogLine {
  readonly stamp: Stamp
  readonly text: string
}

/** `[Sun Nov 22 06:53:31 2026|ldirectord|365] TEXT`, or as syslog and the journal of systemd have it; `undefined`: no line of ldirectord. */
function parseLine(line: string): LogLine | undefined {
  return line.startsWith('[') ? ofOwnLog(line) : ofSyslog(line)
}

function ofSyslog(line: string): LogLine | undefined {
  const stamp = stampOf(line)
  const [, text] = (stamp && /^ \S{1,255} ldirectord\[\d{1,10}\]: (.*)$/.exec(line.slice(stamp.length))) ?? []
  return stamp && text !== undefined ? { stamp, text } : undefined
}

function ofOwnLog(line: string): LogLine | undefined {
  const stamp = stampOf(line.slice(1))
  const [, text] = (stamp && /^\|[^|]*\|\d{1,10}\] (.*)$/.exec(line.slice(1 + stamp.length))) ?? []
  return stamp && text !== undefined ? { stamp, text } : undefined
}

const kinds = {
  Added: 'added',
  Quiescent: 'quiescent',
  'Readd Quiescent': 'quiescent',
  Restored: 'restored',
  Deleted: 'deleted',
} as const

/** An event without its time, and the time as the line has it. */
export interface ToldEvent extends Omit<LdirectordEvent, 'at'> {
  readonly stamp: Stamp
}

/** What a line of its own log tells at once, `offset` milliseconds east of UTC. */
export function parseEvent(line: string, offset: number): LdirectordEvent | undefined {
  const told = parseLog(line)
  if (!told) return undefined
  const { stamp, ...event } = told
  return { at: stamp.local - (stamp.offset ?? offset), ...event }
}

/**
 * What a line of the log tells: docs/internals/lvs.md, "Log". Lines that tell
 * of no change are `undefined`. A real server that is quiescent may have failed or be in maintenance: the log does not say which.
 */
export function parseLog(line: string): ToldEvent | undefined {
  const read = parseLine(line)
  if (!read) return undefined
  const { stamp } = read
  const [, kind, real, virtual, weight] =
    /^(Added|Quiescent|Readd Quiescent|Restored|Deleted) real server: (\S+) \((\S+)\)(?: \(Weight set to (\d{1,10})\))?/.exec(
      read.text,
    ) ?? []
  if (kind && real && virtual)
    return {
      stamp,
      kind: kinds[kind as keyof typeof kinds],
      real,
      virtual,
      ...(weight === undefined ? {} : { weight: Number(weight) }),
    }
  if (/^Starting Linux Director/.test(read.text)) return { stamp, kind: 'started' }
  if (/terminated on signal/.test(read.text)) return { stamp, kind: 'stopped' }
  if (/^Reloading Linux Director Daemon config/.test(read.text)) return { stamp, kind: 'reloaded' }
  // With autoreload it says that it reads the new one instead.
  if (/^ ?- ignore new configuration/.test(read.text)) return { stamp, kind: 'changed' }
  return undefined
}
