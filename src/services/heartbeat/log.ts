import { type Stamp, stampOf } from '../log-line.ts'

/** What a line of heartbeat's log tells, in the words of events where these have one. */
export type HeartbeatHappening =
  /** the daemon of this node */
  | 'server.started'
  | 'server.stopped'
  /** the others hear nothing of a node */
  | 'node.lost'
  | 'node.joined'
  /** a node says itself that it goes */
  | 'node.left'
  | 'link.lost'
  | 'link.back'
  /** this node begins to take what a lost one had, and has all of it */
  | 'takeover.begun'
  | 'takeover.done'
  /** a node was told to give up what it has (hb_standby, or hb_takeover on the other) */
  | 'standby.asked'
  /** the script of a resource is run on this node */
  | 'resource.started'
  | 'resource.stopped'
  | 'resource.failed'
  /** an address is put on an interface of this node */
  | 'address.moved'
  /** both have what one alone may have */
  | 'cluster.split'

export interface HeartbeatLine {
  /** in local time; the daemon leaves the year out, the scripts do not */
  readonly stamp: Stamp
  readonly type: HeartbeatHappening
  /** the node that it tells of, where that is not the one whose log it is */
  readonly node?: string
  /** `slapd`, `IPaddr2::10.9.0.100/24/eth0`: as haresources has it; of an address the address alone */
  readonly resource?: string
  readonly link?: string
}

/** Behind the time, `Nov 22 06:53:25 ha2 heartbeat: [51]: WARN: TEXT`: of the daemon; in the journal `heartbeat[51]: [51]: WARN: TEXT`. */
const ofDaemon = /^ \S{1,255} [\w-]{1,32}(?:\[\d{1,10}\])?: \[\d{1,10}\]: \w{1,16}: (.*)$/
/** Behind the time, `2026/11/22_06:53:25  ResourceManager(default)[196]:    info: TEXT`: of the scripts that it runs. */
const ofScript = /^ {1,8}[^\s(]{1,255}\([^()]{0,255}\)\[\d{1,10}\]: {1,8}\w{1,16}: {1,8}(.*)$/

type Found = Omit<HeartbeatLine, 'stamp'>
type Rule = readonly [pattern: RegExp, found: (a: string, b: string) => Found]

const rules: readonly Rule[] = [
  [/^node (\S+): is dead$/, (node) => ({ type: 'node.lost', node })],
  [/^Status update for node (\S+): status active$/, (node) => ({ type: 'node.joined', node })],
  [/^Received shutdown notice from '([^']+)'/, (node) => ({ type: 'node.left', node })],
  [/^Link ([^\s:]+):(\S+) dead\.$/, (node, link) => ({ type: 'link.lost', node, link })],
  [/^Link ([^\s:]+):(\S+) up\.$/, (node, link) => ({ type: 'link.back', node, link })],
  [/^Resources being acquired from (\S+)\.$/, (node) => ({ type: 'takeover.begun', node })],
  [/^mach_down takeover complete for node (\S+)\.$/, (node) => ({ type: 'takeover.done', node })],
  [/^(\S+) wants to go standby \[/, (node) => ({ type: 'standby.asked', node })],
  [/^Adding inet6? address ([0-9a-fA-F.:]+)/, (resource) => ({ type: 'address.moved', resource })],
  [/^Giving up resources due to failure of (\S+)$/, (resource) => ({ type: 'resource.failed', resource })],
  [/^Both machines own (?:our|foreign) resources!$/, () => ({ type: 'cluster.split' })],
  [/^Cluster node (\S+) returning after partition\.$/, (node) => ({ type: 'cluster.split', node })],
  [/^Configuration validated\. Starting heartbeat /, () => ({ type: 'server.started' })],
  [/^(?:\S+ )?Heartbeat shutdown complete\.$/, () => ({ type: 'server.stopped' })],
]

/** What a line of heartbeat's log tells; undefined: of nothing that matters, or it is no such line. Heartbeat 3.0.6: fixtures/heartbeat-3.0.6. */
export function parseLine(line: string): HeartbeatLine | undefined {
  const stamp = stampOf(line)
  if (!stamp) return undefined
  const said = line.slice(stamp.length).trimEnd()
  const [, text] = ofDaemon.exec(said) ?? (stamp.hasYear ? ofScript.exec(said) : undefined) ?? []
  const found = text === undefined ? undefined : foundIn(text)
  return found && { ...found, stamp }
}

function foundIn(text: string): Found | undefined {
  const run = /^Running (\S+) (.*?) ?(start|stop)$/.exec(text)
  if (run) {
    const [, path = '', words = '', how] = run
    const script = path.slice(path.lastIndexOf('/') + 1)
    // rc.d is heartbeat's own, resource.d and init.d are what it carries.
    if (/\/rc\.d\//.test(path)) return undefined
    const resource = [script, ...words.split(' ').filter(Boolean)].join('::')
    return { type: how === 'start' ? 'resource.started' : 'resource.stopped', resource }
  }
  for (const [pattern, found] of rules) {
    const match = pattern.exec(text)
    if (match) return found(match[1] ?? '', match[2] ?? '')
  }
  return undefined
}
