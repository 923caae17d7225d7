import type { DemoBalancer } from '../balancer/balancing.ts'

/** What `readFiles` asks by `stat`: the logs that a balancer has, as they stand right after logrotate. undefined: it is not asked for that. */
export function logs(balancer: DemoBalancer | undefined, script: string): string | undefined {
  if (!script.startsWith("stat -L -c 'file ")) return undefined
  const there = balancer
    ? ['/var/log/pacemaker/pacemaker.log', '/var/log/corosync/corosync.log', '/var/log/ldirectord.log']
    : []
  return there
    .filter((path) => script.includes(` ${path} `) || script.includes(` ${path}\n`))
    .map((path, i) => `file ${i + 1} 0 1700000000 ${path}\n`)
    .join('')
}
