import type { Role } from '../../config/schema.ts'
import { label, say } from '../../hosts/label.ts'
import * as slapd from '../../services/ldap/log.ts'
import * as ldirectord from '../../services/ldirectord/log.ts'
import { type LogEvent, LogTimes } from '../../services/log-line.ts'
import { journalName, type LogPiece, type LogPlaces } from '../../services/logs/facts.ts'
import * as pacemaker from '../../services/pacemaker/log.ts'
import * as radius from '../../services/radius/log.ts'
import { happening } from '../alerts/conditions.ts'
import { didEvent } from '../balancer/did.ts'
import type { FleetEvent } from '../event.ts'
import { type EventSource, eventTypeOf } from '../event-types.ts'
import type { Snapshot } from '../snapshot.ts'
import { readHeartbeat } from './heartbeat.ts'
import { readKeepalived } from './keepalived.ts'
import { concernOf } from './objects.ts'
import { serverLog } from './servers.ts'

/** What is needed to understand the lines of a piece of a log. */
interface Reading {
  readonly host: string
  readonly times: LogTimes
  readonly snapshot: Pick<Snapshot, 'clusters' | 'machines'>
}

/** An event by the clock of its host; `later`: of what it tells is not known yet; `undefined`: it tells of nothing that matters. */
type Told = (FleetEvent & { readonly at: number }) | 'later' | undefined

/** A log that tells what happened while nobody looked. */
interface LogSource extends LogPlaces {
  readonly source: EventSource
  /** hosts of these roles have it */
  readonly roles: readonly Role[]
  readonly read: (line: string, reading: Reading) => Told
}

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
    read: (line, { host, times }) => {
      const event = ldirectord.parseLog(line)
      const time = event && times.of(event.stamp)
      const told = time && didEvent(host, { ...event, at: time.at })
      return told && { ...told, ...time }
    },
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
]

/** The logs of a host of these roles that are read. */
export function logsOf(roles: readonly Role[]): LogSource[] {
  return logSources.filter((one) => one.roles.some((role) => roles.includes(role)))
}

/** A log whose lines tell of objects by their names. */
function byLog(
  parse: (line: string, times: LogTimes, host: string) => LogEvent | undefined,
): LogSource['read'] {
  return (line, { host, times, snapshot }) => {
    const told = parse(line, times, host)
    const type = told && eventTypeOf(told.type)
    if (!told || !type) return undefined
    const concern = concernOf(told.object, host, snapshot)
    if (!concern) return 'later'
    const { severity, text, at, uncertainty } = told
    return { ...happening(concern), severity, text, at, uncertainty, type }
  }
}

/** Whose a line is: all of a file are of one, those of the journal are of whom they name. */
function rowsOf(file: string): (line: string) => LogSource | undefined {
  if (file !== journalName) {
    const row = logSources.find(({ files }) => files.includes(file))
    return () => row
  }
  return (line) => {
    const [, name] = /^\S{1,40} \S{1,255} ([\w.-]{1,64})(?:\[\d{1,10}\])?: /.exec(line) ?? []
    return logSources.find(({ called }) => name !== undefined && called.includes(name))
  }
}

/** What a piece of a log tells, by the clock of its host; `later`: of what is not known yet, as long as the host has not told of its cluster. */
export function eventsIn(
  { host, file, lines, zone, latest }: Pick<LogPiece, 'host' | 'file' | 'lines' | 'zone' | 'latest'>,
  snapshot: Reading['snapshot'],
): readonly (FleetEvent & { readonly at: number })[] | 'later' {
  const rowOf = rowsOf(file)
  const reading = { host, times: new LogTimes(zone, latest), snapshot }
  const events: (FleetEvent & { readonly at: number })[] = []
  for (const line of lines) {
    const row = rowOf(line)
    const told = row?.read(line, reading)
    if (told === 'later') return 'later'
    if (row && told) events.push({ ...told, source: row.source, raw: label(line) })
  }
  return events
}
