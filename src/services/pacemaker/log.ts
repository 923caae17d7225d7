import { label, say } from '../../hosts/label.ts'
import { type LogEvent, type LogTimes, stampOf } from '../log-line.ts'

type Told = Omit<LogEvent, 'at' | 'uncertainty'>

/** A sentence of a daemon, and what it means; `undefined`: nothing. */
interface Rule {
  readonly sentence: RegExp
  readonly means: (words: readonly string[]) => Told | undefined
}

const node = (name: string) => ({ kind: 'node', name }) as const
const resource = (name: string) => ({ kind: 'resource', name }) as const

/** What the controller says: of 2.0 and later in the names of 2.0, and 1.1 says the same (docs/internals/cluster.md, "Logs"). */
const controller: readonly Rule[] = [
  {
    sentence: /^Node (\S+) state is now (lost|member)\b/,
    means: ([name = '', state]) =>
      state === 'lost'
        ? {
            type: 'node.lost',
            severity: 'bad',
            object: node(name),
            text: say`the others do not see it any more`,
          }
        : { type: 'node.joined', severity: 'info', object: node(name), text: say`the others see it` },
  },
  {
    sentence: /^Result of (start|stop|promote|demote) operation for (\S+) on (\S+): (?:ok|0 \(ok\))/,
    means: ([what, name = '', where = '']) => {
      const there = say`on ${label(where)}`
      const texts = {
        start: { type: 'resource.started', text: say`started ${there}` },
        stop: { type: 'resource.released', text: say`stopped ${there}` },
        promote: { type: 'resource.promoted', text: say`promoted ${there}` },
        demote: { type: 'resource.demoted', text: say`demoted ${there}` },
      }
      return { severity: 'info', object: resource(name), ...texts[what as keyof typeof texts] }
    },
  },
  {
    // A probe asks whether it runs, before it does; what is no longer waited for has not failed.
    sentence:
      /^Result of (?!probe)(\w+) operation for (\S+) on (\S+): (?!ok\b|0 \()([^|]{1,200}?)(?: \|(.*))?$/,
    means: ([what = '', name = '', where = '', why = '', rest = '']) => {
      if (/(?:^|\s)key=\S+_monitor_0\b/.test(rest) || /^Cancelled|^cancelled/.test(why)) return undefined
      const text = say`${label(what)} on ${label(where)} failed: ${label(why)}`
      return { type: 'resource.failed', severity: 'bad', object: resource(name), text }
    },
  },
]

/** What the fencer says, of what it has done. */
const fencer: readonly Rule[] = [
  {
    sentence: /^Operation '?(\w+)'? targeting (\S+) by (\S+) for [^:]*: (.{1,200}?)(?: \||$)/,
    means: ([what = '', name = '', by = '', result = '']) => {
      const how = say`by ${label(by)}`
      return /^OK\b/.test(result)
        ? {
            type: 'fenced',
            severity: 'warning',
            object: node(name),
            text: say`fenced (${label(what)}) ${how}`,
          }
        : {
            type: 'fenced',
            severity: 'bad',
            object: node(name),
            text: say`was not fenced (${label(what)}) ${how}: ${label(result)}`,
          }
    },
  },
]

/** What corosync says; it knows nodes by number. */
const corosync: readonly Rule[] = [
  {
    sentence: /^\[TOTEM \] A processor failed, forming new configuration/,
    means: () => ({ type: 'node.silent', severity: 'warning', text: say`corosync: a node is silent` }),
  },
  {
    sentence: /^\[KNET {0,2}\] link: host: (\d{1,10}) link: (\d{1,10}) is down/,
    means: ([host = '', link = '']) => linkTold(host, link, 'down'),
  },
  {
    sentence: /^\[KNET {0,2}\] link: host: (\d{1,10}) link: (\d{1,10}) is up/,
    means: ([host = '', link = '']) => linkTold(host, link, 'up'),
  },
]

function linkTold(host: string, link: string, state: 'up' | 'down'): Told {
  const text = say`corosync: link ${label(link)} to node ${label(host)} is ${state === 'up' ? say`up` : say`down`}`
  return state === 'up'
    ? { type: 'link.back', severity: 'info', text }
    : { type: 'link.lost', severity: 'warning', text }
}

const daemons: Readonly<Record<string, readonly Rule[]>> = {
  'pacemaker-controld': controller,
  crmd: controller,
  'pacemaker-fenced': fencer,
  'stonith-ng': fencer,
  corosync,
}

/** Who says it, behind the time: `ha2 pacemaker-controld  [98] (function) \tnotice: …`, 1.1 `[98] ha2 crmd: notice: …`, corosync `[76] ha2 corosync notice  …`; in the journal `ha2 pacemaker-controld[98]:  notice: …`, `ha2 corosync[76]:   …`. */
const speaker =
  /^ (?:\[\d{1,10}\] )?\S+ {1,20}(pacemaker-controld|crmd|pacemaker-fenced|stonith-ng|corosync)\b(?::? *\[\d{1,10}\])?:?\s*(?:\([^)]{0,200}\)?\s*)?(?:\w{4,8}:?\s+)?(?:\w{1,60}:\t)?(.*)$/

/** What a line of pacemaker.log or corosync.log tells; `undefined`: of nothing that matters here. */
export function parseLog(line: string, times: LogTimes): LogEvent | undefined {
  const stamp = stampOf(line)
  if (!stamp) return undefined
  const [, daemon = '', said = ''] = speaker.exec(line.slice(stamp.length)) ?? []
  for (const { sentence, means } of daemons[daemon] ?? []) {
    const found = sentence.exec(said)
    const told = found && means(found.slice(1))
    const time = told && times.of(stamp)
    if (told && time) return { ...time, ...told }
  }
  return undefined
}
