import { type Label, label, say } from '../../hosts/label.ts'
import { type KeepalivedHappening, parseLine } from '../../services/keepalived/log.ts'
import type { LogEvent, LogTimes } from '../../services/log-line.ts'

interface Meaning {
  readonly type: string
  readonly severity: LogEvent['severity']
  /** what it tells of; default: the host */
  readonly of?: 'instance' | 'node'
  readonly text: (words: { readonly host: Label; readonly instance: Label; readonly link: Label }) => Label
}

/** What each line of keepalived means to people. */
const meanings: Readonly<Record<KeepalivedHappening, Meaning>> = {
  'server.started': { type: 'server.started', severity: 'info', text: () => say`keepalived started` },
  'server.stopped': { type: 'server.stopped', severity: 'warning', text: () => say`keepalived stopped` },
  'link.lost': {
    type: 'link.lost',
    severity: 'warning',
    text: ({ link }) => say`keepalived: link ${link} is down`,
  },
  'link.back': {
    type: 'link.back',
    severity: 'info',
    text: ({ link }) => say`keepalived: link ${link} is up`,
  },
  master: {
    type: 'resource.started',
    severity: 'info',
    of: 'instance',
    text: ({ host }) => say`master on ${host}`,
  },
  backup: {
    type: 'resource.released',
    severity: 'info',
    of: 'instance',
    text: ({ host }) => say`backup on ${host}`,
  },
  fault: {
    type: 'failover.failed',
    severity: 'bad',
    of: 'node',
    text: ({ instance }) => say`${instance} is in state FAULT: it takes nothing over`,
  },
}

/** What a line of syslog tells of keepalived; `undefined`: of nothing that matters. */
export function readKeepalived(line: string, times: LogTimes, host: string): LogEvent | undefined {
  const found = parseLine(line)
  const time = found && times.of(found.stamp)
  if (!found || !time) return undefined
  const { instance = '', link = '' } = found
  const { type, severity, of, text } = meanings[found.type]
  const words = { host: label(host), instance: label(instance), link: label(link) }
  const object =
    of === 'instance'
      ? ({ kind: 'resource', name: instance } as const)
      : of === 'node'
        ? ({ kind: 'self' } as const)
        : undefined
  return { ...time, type, severity, text: text(words), ...(object ? { object } : {}) }
}
