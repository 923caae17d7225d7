import { type Label, label, say } from '../../hosts/label.ts'
import { type HeartbeatHappening, type HeartbeatLine, parseLine } from '../../services/heartbeat/log.ts'
import type { LogEvent, LogObject, LogTimes } from '../../services/log-line.ts'

interface Meaning {
  readonly severity: LogEvent['severity']
  /** what it tells of; default: the host */
  readonly of?: 'node' | 'resource'
  readonly text: (words: { readonly node: Label; readonly resource: Label; readonly link: Label }) => Label
}

/** What each line of heartbeat's log means to people. */
const meanings: Readonly<Record<HeartbeatHappening, Meaning>> = {
  'server.started': { severity: 'info', text: () => say`heartbeat started` },
  'server.stopped': { severity: 'warning', text: () => say`heartbeat stopped` },
  'node.lost': { severity: 'bad', of: 'node', text: () => say`the others do not see it any more` },
  'node.joined': { severity: 'info', of: 'node', text: () => say`the others see it` },
  'node.left': { severity: 'warning', of: 'node', text: () => say`leaves the cluster by itself` },
  'link.lost': {
    severity: 'warning',
    text: ({ node, link }) => say`heartbeat: link ${link} to ${node} is down`,
  },
  'link.back': { severity: 'info', text: ({ node, link }) => say`heartbeat: link ${link} to ${node} is up` },
  'takeover.begun': { severity: 'warning', text: ({ node }) => say`takes over from ${node}` },
  'takeover.done': { severity: 'info', text: ({ node }) => say`has taken over from ${node}` },
  'standby.asked': { severity: 'info', of: 'node', text: () => say`is to give up what it carries` },
  'resource.started': { severity: 'info', of: 'resource', text: () => say`is started` },
  'resource.stopped': { severity: 'info', of: 'resource', text: () => say`is stopped` },
  'resource.failed': { severity: 'bad', of: 'resource', text: () => say`failed, and is given up` },
  'address.moved': { severity: 'info', text: ({ resource }) => say`takes the address ${resource}` },
  'cluster.split': { severity: 'bad', text: () => say`heartbeat: both sides have what one alone may have` },
}

/** What a line of ha-log tells; `undefined`: of nothing that matters. */
export function readHeartbeat(line: string, times: LogTimes): LogEvent | undefined {
  const found = parseLine(line)
  const time = found && times.of(found.stamp)
  if (!found || !time) return undefined
  const { type, node = '', resource = '', link = '' } = found
  const { severity, text } = meanings[type]
  const object = objectOf(found)
  const words = { node: label(node), resource: label(resource), link: label(link) }
  // Of one node: whether it runs nowhere then it does not say.
  const word = type === 'resource.stopped' ? 'resource.released' : type
  return { ...time, type: word, severity, text: text(words), ...(object ? { object } : {}) }
}

function objectOf({ type, node, resource }: HeartbeatLine): LogObject | undefined {
  const { of } = meanings[type]
  const name = of === 'node' ? node : of === 'resource' ? resource : undefined
  return of && name !== undefined ? { kind: of, name } : undefined
}
