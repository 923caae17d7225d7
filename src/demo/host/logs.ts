import type { DemoBalancer } from '../balancer/balancing.ts'

/** What a host of the demo is, whose logs these are. */
interface Logging {
  readonly balancer: DemoBalancer | undefined
  readonly isFrontend: boolean
}

const ofBalancers = [
  '/var/log/pacemaker/pacemaker.log',
  '/var/log/corosync/corosync.log',
  '/var/log/ldirectord.log',
]
const ofFrontends = ['/var/log/freeradius/radius.log']

/** What a host is asked of its logs: those that it has, as they stand right after logrotate, and a journal of systemd in which nobody has said anything. undefined: it is not asked for that. */
export function logs({ balancer, isFrontend }: Logging, script: string): string | undefined {
  if (script.startsWith('for file in /var/log/journal/')) return 'live\nat 1 8388608 2026-12-01\n'
  if (script.startsWith('{ journalctl ')) return ''
  if (!script.startsWith("stat -L -c 'file ")) return undefined
  const there = balancer ? ofBalancers : isFrontend ? ofFrontends : []
  return there
    .filter((path) => script.includes(` ${path} `) || script.includes(` ${path}\n`))
    .map((path, i) => `file ${i + 1} 0 1700000000 ${path}\n`)
    .join('')
}
