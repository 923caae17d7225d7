import { type Stamp, stampOf } from '../log-line.ts'

/** What a line of keepalived tells, in the words of events where these have one. */
export type KeepalivedHappening =
  | 'server.started'
  | 'server.stopped'
  | 'link.lost'
  | 'link.back'
  /** an instance is in this state here */
  | 'master'
  | 'backup'
  | 'fault'

export interface KeepalivedLine {
  readonly stamp: Stamp
  readonly type: KeepalivedHappening
  /** of VRRP, as this node's configuration calls it */
  readonly instance?: string
  readonly link?: string
}

/** Behind the time, ` kl1 Keepalived_vrrp[12]: TEXT`, as syslog and the journal of systemd have it. */
const speaker = /^ \S{1,255} Keepalived(?:_vrrp)?\[\d{1,10}\]: (.*)$/
/** `(VI_1) TEXT`; before 2.0 `VRRP_Instance(VI_1) TEXT`. */
const ofInstance = /^(?:VRRP_Instance)?\(([^\s()]{1,255})\) (.*)$/

const states: readonly (readonly [RegExp, KeepalivedHappening])[] = [
  [/^Entering MASTER STATE$/, 'master'],
  // At its start it is nobody's successor: `BACKUP STATE (init)`.
  [/^Entering BACKUP STATE$/, 'backup'],
  [/^Entering FAULT STATE\b/, 'fault'],
]

const daemon: readonly (readonly [RegExp, KeepalivedHappening])[] = [
  [/^Starting Keepalived v/, 'server.started'],
  // It gives its addresses up with this line; `Stopped Keepalived` comes a second later. Before 1.3 the version is behind it.
  [/^Stopping(?: Keepalived v|$)/, 'server.stopped'],
]

/** What a line of syslog tells of keepalived; undefined: of nothing that matters, or somebody else says it. Keepalived 2.2.7: fixtures/keepalived-2.2.7. */
export function parseLine(line: string): KeepalivedLine | undefined {
  // Most lines of a syslog are of others.
  if (!line.includes(' Keepalived')) return undefined
  const stamp = stampOf(line)
  const [, text] = (stamp && speaker.exec(line.slice(stamp.length).trimEnd())) ?? []
  if (!stamp || text === undefined) return undefined
  const [, link, how] = /^Netlink reports (\S{1,64}) (down|up)\b/.exec(text) ?? []
  if (link !== undefined) return { stamp, type: how === 'up' ? 'link.back' : 'link.lost', link }
  const [, instance, said = ''] = ofInstance.exec(text) ?? []
  if (instance === undefined) {
    const [, type] = daemon.find(([pattern]) => pattern.test(text)) ?? []
    return type && { stamp, type }
  }
  const [, type] = states.find(([pattern]) => pattern.test(said)) ?? []
  return type && { stamp, type, instance }
}
