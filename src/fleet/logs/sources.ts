import type { Role } from '../../config/schema.ts'
import { type Label, label, say } from '../../hosts/label.ts'
import * as slapd from '../../services/ldap/log.ts'
import * as ldirectord from '../../services/ldirectord/log.ts'
import { type LogEvent, LogTimes } from '../../services/log-line.ts'
import { journalName, type LogPiece, type LogPlaces } from '../../services/logs/facts.ts'
import { nameIn } from '../../services/logs/places.ts'
import * as pacemaker from '../../services/pacemaker/log.ts'
import * as radius from '../../services/radius/log.ts'
import { happening } from '../alerts/conditions.ts'
import { didEvent } from '../balancer/did.ts'
import type { FleetEvent } from '../event.ts'
import { type EventSource, eventTypeOf } from '../event-types.ts'
import { readHeartbeat } from './heartbeat.ts'
import { readKeepalived } from './keepalived.ts'
import { readMachineLog } from './machine-log.ts'
import { concernOf, type Known } from './objects.ts'
import { serverLog } from './servers.ts'

/** What is needed to understand the lines of a piece of a log. */
interface Reading {
  readonly host: string
  /** its path, or the name of the journal */
  readonly file: string
  readonly times: LogTimes
  /** no line is later, by the clock of the host */
  readonly latest: number
  readonly snapshot: Known
}

/** An event by the clock of its host; `later`: of what it tells is not known yet; `undefined`: it tells of nothing that matters. */
type Told = (FleetEvent & { readonly at: number }) | 'later' | undefined

/** Events with the lines that tell of them. */
type ToldLines = readonly (FleetEvent & { readonly at: number; readonly raw: Label })[] | 'later'

/** A log that tells what happened while nobody looked. */
interface LogSource extends LogPlaces {
  readonly source: EventSource
  /** hosts of these roles have it */
  readonly roles: readonly Role[]
  readonly read: (lines: readonly string[], reading: Reading) => ToldLines
}

/** Where libvirt has a log of each machine under QEMU. */
const ofMachines = '/var/log/libvirt/qemu/*.log'

/** All logs that are read: one row each. */
export const logSources: readonly LogSource[] = [
  {
    source: 'pacemaker',
    roles: ['pacemaker'],
    // 2.0 and later; 1.1 on Debian and on Red Hat.
    files: ['/var/log/pacemaker/pacemaker.log', '/var/log/pacemaker.log', '/var/log/cluster/pacemaker.log'],
    called: ['pacemaker-controld', 'pacemaker-fenced', 'crmd', 'stonith-ng'],
    read: byLog(pacemaker.parseLog),
  },
  {
    source: 'corosync',
    roles: ['pacemaker'],
    files: ['/var/log/corosync/corosync.log', '/var/log/cluster/corosync.log'],
    called: ['corosync'],
    read: byLog(pacemaker.parseLog),
  },
  {
    source: 'heartbeat',
    roles: ['heartbeat'],
    // As ha.cf names it in its example.
    files: ['/var/log/ha-log'],
    called: ['heartbeat'],
    read: byLog(readHeartbeat),
  },
  {
    source: 'keepalived',
    roles: ['keepalived'],
    // What syslog makes of all: a file of its own, where somebody has said so; else that of everything, on Debian and on Red Hat.
    files: ['/var/log/keepalived.log', '/var/log/syslog', '/var/log/messages'],
    bySyslog: true,
    called: ['Keepalived', 'Keepalived_vrrp'],
    read: byLog(readKeepalived),
  },
  {
    source: 'ldirectord',
    roles: ['balancer'],
    files: ['/var/log/ldirectord.log'],
    called: ['ldirectord'],
    read: byLine((line, { host, times }) => {
      const event = ldirectord.parseLog(line)
      const time = event && times.of(event.stamp)
      const told = time && didEvent(host, { ...event, at: time.at })
      return told && { ...told, ...time }
    }),
  },
  {
    source: 'slapd',
    roles: ['directory', 'frontend'],
    // It says all to syslog, and with `loglevel stats` so much that a file of syslog would have to be carried over the network for two lines.
    files: [],
    called: ['slapd'],
    says: slapd.says,
    read: byLog(serverLog(say`slapd`, slapd.parseLine)),
  },
  {
    source: 'radius',
    roles: ['frontend'],
    // On Debian and on Red Hat.
    files: ['/var/log/freeradius/radius.log', '/var/log/radius/radius.log'],
    called: ['radiusd', 'freeradius'],
    says: radius.says,
    read: byLog(serverLog(say`FreeRADIUS`, radius.parseLine)),
  },
  {
    source: 'libvirt',
    roles: ['hypervisor'],
    // One for each machine. libvirtd's own log tells of no end of one.
    files: [ofMachines],
    called: [],
    read: (lines, reading) => {
      const { host, file, times, latest, snapshot } = reading
      const told = readMachineLog(lines, { host, name: nameIn(ofMachines, file) ?? '', times, latest })
      if (told === 'later') return told
      const events = told.map((one) => {
        const event = eventOf(one, host, snapshot)
        return event && event !== 'later' ? { ...event, raw: label(one.line) } : event
      })
      return events.includes('later') ? 'later' : events.filter((one) => one !== undefined && one !== 'later')
    },
  },
]

/** The logs of a host of these roles that are read. */
export function logsOf(roles: readonly Role[]): LogSource[] {
  return logSources.filter((one) => one.roles.some((role) => roles.includes(role)))
}

/** A log whose lines tell of objects by their names. */
function byLog(
  parse: (line: string, times: LogTimes, host: string) => LogEvent | undefined,
): LogSource['read'] {
  return byLine((line, { host, times, snapshot }) => {
    const told = parse(line, times, host)
    return told && eventOf(told, host, snapshot)
  })
}

function eventOf({ object, ...told }: LogEvent, host: string, snapshot: Known): Told {
  const type = eventTypeOf(told.type)
  if (!type) return undefined
  const concern = concernOf(object, host, snapshot)
  if (!concern) return 'later'
  const { severity, text, at, uncertainty } = told
  return { ...happening(concern), severity, text, at, uncertainty, type }
}

/** A log of which each line tells by itself. */
function byLine(read: (line: string, reading: Reading) => Told): LogSource['read'] {
  return (lines, reading) => {
    const events: Exclude<ToldLines, 'later'>[number][] = []
    for (const line of lines) {
      const told = read(line, reading)
      if (told === 'later') return 'later'
      if (told) events.push({ ...told, raw: label(line) })
    }
    return events
  }
}

/** Whose lines these are: all of a file are of one, those of the journal are each of whom it names. */
function piecesOf(
  file: string,
  lines: readonly string[],
): readonly { readonly row: LogSource; readonly lines: readonly string[] }[] {
  if (file !== journalName) {
    const row = logSources.find(({ files }) => files.some((place) => nameIn(place, file) !== undefined))
    return row ? [{ row, lines }] : []
  }
  return lines.flatMap((line) => {
    const [, name] = /^\S{1,40} \S{1,255} ([\w.-]{1,64})(?:\[\d{1,10}\])?: /.exec(line) ?? []
    const row = logSources.find(({ called }) => name !== undefined && called.includes(name))
    return row ? [{ row, lines: [line] }] : []
  })
}

/** What a piece of a log tells, by the clock of its host; `later`: of what is not known yet, as long as the host has not told of its cluster, or of its machines. */
export function eventsIn(
  { host, file, lines, zone, latest }: Pick<LogPiece, 'host' | 'file' | 'lines' | 'zone' | 'latest'>,
  snapshot: Known,
): readonly (FleetEvent & { readonly at: number })[] | 'later' {
  const reading = { host, file, times: new LogTimes(zone, latest), latest, snapshot }
  const events: (FleetEvent & { readonly at: number })[] = []
  for (const piece of piecesOf(file, lines)) {
    const told = piece.row.read(piece.lines, reading)
    if (told === 'later') return 'later'
    for (const one of told) events.push({ ...one, source: piece.row.source })
  }
  return events
}
